"""A batch as the model sees it: embeddings, soft tokens in their slots, padded or packed."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from affect_llm.fusion.fused import FusedBatch
from affect_llm.fusion.slots import NO_TOKEN, embed_prompts
from affect_llm.training.loop.batches import Batch
from affect_llm.types import SoftTokens


@dataclass(frozen=True, slots=True)
class Rows:
    """Padded on the right, where causal attention never looks.

    Args:
        embeds: (R, T, D).
        positions: (R, T) counting from 0 within each example, so that packed ones are told apart.
        ids: (R, T) token ids, `NO_TOKEN` for soft tokens and padding.
        weights: (R, T) of the loss.
    """

    embeds: Tensor
    positions: Tensor
    ids: Tensor
    weights: Tensor


def rows_of(batch: Batch, embedding: nn.Module, fused: FusedBatch | None) -> Rows:
    """The rows of a batch.

    Args:
        batch: of examples.
        embedding: of the LLM.
        fused: soft tokens of the examples, in order; None without a projector.
    """
    soft: FusedBatch | Sequence[SoftTokens | None] = fused or [None] * len(batch.examples)
    prompts = [example.prompt for example in batch.examples]
    embedded = embed_prompts(embedding, prompts, soft, side="right")
    weights = _weights(batch, embedded.token_ids)
    rows = Rows(embedded.inputs_embeds, embedded.position_ids, embedded.token_ids, weights)
    if all(len(row) == 1 for row in batch.rows):
        return rows
    return _packed(rows, embedded.attention_mask.sum(1).tolist(), batch.rows)


def _weights(batch: Batch, ids: Tensor) -> Tensor:
    """(B, T): the examples' weights, at the tokens they belong to."""
    given = torch.tensor([w for e in batch.examples for w in e.weights], device=ids.device)
    weights = torch.zeros(ids.shape, device=ids.device)
    weights[ids != NO_TOKEN] = given
    return weights


def _packed(rows: Rows, lengths: Sequence[int], layout: Sequence[Sequence[int]]) -> Rows:
    """Examples that share a row, one behind the other."""

    def laid(values: Tensor, filler: int) -> Tensor:
        joined = [torch.cat([values[i, : lengths[i]] for i in row]) for row in layout]
        return nn.utils.rnn.pad_sequence(joined, batch_first=True, padding_value=filler)

    return Rows(
        laid(rows.embeds, 0),
        laid(rows.positions, 0),
        laid(rows.ids, NO_TOKEN),
        laid(rows.weights, 0),
    )
