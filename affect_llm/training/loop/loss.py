"""The loss on what is learned, with logits nowhere else.

A label is one token of a hundred, and the vocabulary is far larger than an answer: computed at
every position the logits would cost more time and memory than a small model's layers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F


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
