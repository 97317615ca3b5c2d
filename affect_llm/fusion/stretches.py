"""Rows of a track dealt out to tokens: equal stretches by number, or by time."""

import torch
from torch import Tensor


def equal_stretches(mask: Tensor, count: int) -> Tensor:
    """Cut each clip's own rows into `count` stretches that differ by one row at most.

    Args:
        mask: (P, T) true where there is a row; rows come first, padding after.
        count: stretches; a clip with fewer rows has one row in each of the first ones.

    Returns:
        (P, count, T) bool, the rows of each stretch; depends on a clip's own length only.
    """
    lengths = mask.sum(dim=1, keepdim=True)
    place = torch.arange(mask.shape[1], device=mask.device)[None]
    parts = lengths.clamp(max=count)
    stretch = place * parts // lengths.clamp(min=1)
    wanted = torch.arange(count, device=mask.device)[None, :, None]
    return (stretch[:, None] == wanted) & mask[:, None]


def timed_stretches(times_s: Tensor, mask: Tensor, edges_s: Tensor) -> Tensor:
    """Rows by the stretch of time that their middle lies in.

    Args:
        times_s: (P, T, 2).
        mask: (P, T).
        edges_s: (P, count + 1), rising.

    Returns:
        (P, count, T) bool; a middle beyond the last edge counts to the last stretch.
    """
    count = edges_s.shape[1] - 1
    middle = times_s.mean(dim=2)
    stretch = torch.searchsorted(edges_s.contiguous(), middle.contiguous(), right=True) - 1
    wanted = torch.arange(count, device=mask.device)[None, :, None]
    return (stretch.clamp(0, count - 1)[:, None] == wanted) & mask[:, None]


def spans_of(times_s: Tensor, members: Tensor) -> Tensor:
    """(P, count, 2) from the first start to the last end of each stretch's rows; 0 if empty."""
    starts = times_s[:, None, :, 0].masked_fill(~members, torch.inf).amin(dim=2)
    ends = times_s[:, None, :, 1].masked_fill(~members, -torch.inf).amax(dim=2)
    spans = torch.stack([starts, ends], dim=2)
    return spans.masked_fill(~members.any(dim=2)[..., None], 0.0)


def mean_over(steps: Tensor, members: Tensor) -> Tensor:
    """(P, count, width) means of the rows of each stretch; 0 if empty."""
    weights = members.to(steps.dtype)
    total = weights.sum(dim=2, keepdim=True).clamp(min=1)
    return (weights @ steps) / total


def softmax_over(scores: Tensor, members: Tensor) -> Tensor:
    """Softmax of scores (…, T) over each stretch's own rows; 0 for the others.

    Args:
        scores: (P, T) or (P, count, T).
        members: (P, count, T); an empty stretch has no weights at all.
    """
    wide = scores[:, None] if scores.dim() == 2 else scores
    # Low enough to weigh nothing, and finite in half precision: of -inf alone softmax makes NaN.
    held = wide.expand(members.shape).masked_fill(~members, -1e4)
    return held.softmax(dim=2) * members
