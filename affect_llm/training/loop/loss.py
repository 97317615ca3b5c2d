"""A batch as the model sees it, and the loss on what is learned, with logits nowhere else.

A label is one token of a hundred, and the vocabulary is far larger than an answer: computed at
every position the logits would cost more time and memory than a small model's layers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

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


def answer_loss(
    llm: Any, rows: EmbeddedBatch, weights: Tensor, **options: Any
) -> tuple[Tensor, Any]:
    """The weighted sum of the losses of all learned tokens (float32), and the model's output.

    Args:
        llm: a causal LM of transformers or peft.
        rows: of a batch, R of T tokens.
        weights: (R, T) of the loss.
        options: of the forward pass.
    """
    learned = weights[:, 1:] > 0
    at, before = torch.nonzero(learned, as_tuple=True)
    with only_at(llm.get_output_embeddings(), at, before):
        output = llm(
            inputs_embeds=rows.inputs_embeds,
            position_ids=rows.position_ids,
            use_cache=False,
            **options,
        )
    losses = F.cross_entropy(
        output.logits[0].float(), rows.token_ids[:, 1:][learned], reduction="none"
    )
    return (losses * weights[:, 1:][learned]).sum(), output


@contextmanager
def only_at(head: nn.Module, rows: Tensor, columns: Tensor) -> Iterator[None]:
    """Let the model's head see only some positions while this lasts.

    Args:
        head: the output embeddings of a causal LM, called with hidden states (B, T, D).
        rows: (n,) indices into B.
        columns: (n,) indices into T; the logits are then (1, n, V).
    """

    def select(_: nn.Module, given: tuple[Any, ...]) -> tuple[Any, ...]:
        return (given[0][rows, columns][None], *given[1:])

    handle = head.register_forward_pre_hook(select)
    try:
        yield
    finally:
        handle.remove()
