"""A batch as the model sees it: embeddings, soft tokens in their slots, padded or packed."""

from dataclasses import replace

import torch
from torch import Tensor, nn

from affect_llm.fusion.fused import FusedBatch
from affect_llm.fusion.slots import NO_TOKEN, EmbeddedBatch, embed_prompts
from affect_llm.training.loop.batches import Batch


def embedded_rows(
    batch: Batch, embedding: nn.Module, fused: FusedBatch | None
) -> tuple[EmbeddedBatch, Tensor]:
    """The rows of a batch, R of T tokens, and the loss weight of each token (R, T).

    They are padded on the right, where causal attention never looks. Positions count from 0
    within each example, so that packed ones are told apart; in rows of one example they count on
    through the padding: transformers would take anything else for several examples, and leave
    attention's fast path for a mask.

    Args:
        batch: of examples.
        embedding: of the LLM.
        fused: soft tokens of the examples, in order; None without a projector.
    """
    prompts = [example.prompt for example in batch.examples]
    embedded = embed_prompts(embedding, prompts, fused, side="right")
    ids = embedded.token_ids
    given = torch.tensor([w for e in batch.examples for w in e.weights], device=ids.device)
    weights = torch.zeros(ids.shape, device=ids.device)
    weights[ids != NO_TOKEN] = given
    if all(len(row) == 1 for row in batch.rows):
        positions = torch.arange(ids.shape[1]).to(ids).expand_as(ids)
        return replace(embedded, position_ids=positions), weights
    lengths = embedded.attention_mask.sum(1).tolist()

    def packed(values: Tensor, filler: int) -> Tensor:
        """Examples that share a row, one behind the other."""
        joined = [torch.cat([values[i, : lengths[i]] for i in row]) for row in batch.rows]
        return nn.utils.rnn.pad_sequence(joined, batch_first=True, padding_value=filler)

    rows = EmbeddedBatch(
        packed(embedded.inputs_embeds, 0),
        packed(embedded.attention_mask, 0),
        packed(embedded.position_ids, 0),
        packed(ids, NO_TOKEN),
    )
    return rows, packed(weights, 0)
