"""The loss on what is learned, with logits nowhere else.

A label is one token of a hundred, and the vocabulary is far larger than an answer: computed at
every position the logits would cost more time and memory than a small model's layers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from affect_llm.fusion.slots import EmbeddedBatch


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
