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

from affect_llm.training.loop.rows_in_model import Rows


def answer_loss(llm: Any, rows: Rows, **options: Any) -> tuple[Tensor, Any]:
    """Weighted sum of the losses of all learned tokens (float32), and the model's output.

    Args:
        llm: a causal LM of transformers or peft.
        rows: of a batch.
        options: of the forward pass.
    """
    wanted = rows.weights[:, 1:] > 0
    at, before = torch.nonzero(wanted, as_tuple=True)
    with only_at(llm.get_output_embeddings(), at, before):
        output = llm(
            inputs_embeds=rows.embeds, position_ids=rows.positions, use_cache=False, **options
        )
    targets, weights = (values[:, 1:][wanted] for values in (rows.ids, rows.weights))
    return weighted_loss(output.logits[0], targets, weights), output


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


def weighted_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Sum of weight times cross-entropy, in float32.

    Args:
        logits: (n, V).
        targets: (n,) token ids.
        weights: (n,).
    """
    losses = F.cross_entropy(logits.float(), targets, reduction="none")
    return (losses * weights).sum()
