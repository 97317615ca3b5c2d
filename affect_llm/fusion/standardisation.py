"""Each number of a track's rows, less its mean, over its spread, as measured on training clips."""

import torch
from torch import Tensor, nn

_LEAST = 1e-3
"""A number that hardly varies in training is not blown up: share of the largest spread."""
_LIMIT = 10.0
"""Farther out than this many spreads is as good as this far."""


class Standard(nn.Module):
    """Standardisation that is saved with the fusion; it changes nothing until it is fitted."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mean: Tensor
        self.spread: Tensor
        self.fitted: Tensor
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("spread", torch.ones(width))
        self.register_buffer("fitted", torch.zeros((), dtype=torch.bool))

    def fit(self, moments: "Moments") -> None:
        """Take mean and spread of measured rows; without any, nothing changes."""
        if not moments.count:
            return
        spread = moments.spread
        self.mean.copy_(moments.mean)
        # Where nothing varies at all there is no largest spread; only 0 must not divide.
        self.spread.copy_(spread.clamp(min=max(_LEAST * float(spread.max()), 1e-8)))
        self.fitted.fill_(True)

    def forward(self, steps: Tensor, mask: Tensor) -> Tensor:
        """(P, T, width) standardised in the fusion's precision; padding stays zero."""
        x = (steps.to(self.mean.dtype) - self.mean) / self.spread
        x = torch.where(self.fitted, x.clamp(-_LIMIT, _LIMIT), x)
        return x * mask[..., None]


class Moments:
    """Running mean and spread of rows, in one pass.

    Source: Chan et al. 1979, updating formulae for sums of squares.
    """

    def __init__(self, width: int) -> None:
        self.count = 0
        self.mean = torch.zeros(width, dtype=torch.float64)
        self._squares = torch.zeros(width, dtype=torch.float64)

    def add(self, rows: Tensor) -> None:
        """Count (n, width) rows in."""
        n = len(rows)
        if not n:
            return
        x = rows.detach().cpu().double()
        mean = x.mean(dim=0)
        apart = mean - self.mean
        total = self.count + n
        self._squares += (x - mean).square().sum(dim=0) + apart.square() * (self.count * n / total)
        self.mean += apart * (n / total)
        self.count = total

    @property
    def spread(self) -> Tensor:
        """(width,) population standard deviation."""
        return (self._squares / max(self.count, 1)).sqrt()
