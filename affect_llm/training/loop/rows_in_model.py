"""A batch as the model sees it: embeddings, soft tokens in their slots, padded or packed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from affect_llm.fusion.fused import FusedBatch
from affect_llm.fusion.slots import NO_TOKEN, EmbeddedBatch, embed_prompts
from affect_llm.training.loop.batches import Batch


@dataclass(frozen=True, slots=True)
class Rows:
    """Padded on the right, where causal attention never looks.

    Args:
        embeds: (R, T, D).
        positions: (R, T) counting from 0 within each example, so that packed ones are told apart.
            In rows of one example they count on through the padding: transformers would take
            anything else for several, and leave attention's fast path for a mask.
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
    embedded = _embedded(batch, embedding, fused)
    weights = _weights(batch, embedded.token_ids)
    rows = Rows(embedded.inputs_embeds, embedded.position_ids, embedded.token_ids, weights)
    if all(len(row) == 1 for row in batch.rows):
        return replace(
            rows, positions=torch.arange(rows.ids.shape[1]).to(rows.ids).expand_as(rows.ids)
        )
    return _packed(rows, embedded.attention_mask.sum(1).tolist(), batch.rows)


def _embedded(batch: Batch, embedding: nn.Module, fused: FusedBatch | None) -> EmbeddedBatch:
    prompts = [example.prompt for example in batch.examples]
    if fused is not None:
        return embed_prompts(embedding, prompts, fused, side="right")
    # One look-up: where embeddings learn, every look-up has a gradient as large as the table.
    words = [torch.tensor(prompt.ids) for prompt in prompts]
    ids = nn.utils.rnn.pad_sequence(words, batch_first=True, padding_value=NO_TOKEN)
    ids = ids.to(next(embedding.parameters()).device)
    real = (ids != NO_TOKEN).long()
    return EmbeddedBatch(embedding(ids.clamp(min=0)), real, real.cumsum(dim=1) - 1, ids)


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
