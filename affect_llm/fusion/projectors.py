"""One token per row, or per stretch of rows: linear and MLP projectors.

Source of the two: LLaVA (Liu et al. 2023) and LLaVA-1.5 (Liu et al. 2024, two layers with GELU).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from affect_llm.fusion.collation import TrackBatch
from affect_llm.fusion.config import FusionConfig, TrackConfig
from affect_llm.fusion.stretches import equal_stretches, mean_over, softmax_over, spans_of


@dataclass(frozen=True, slots=True)
class TrackTokens:
    """Tokens of the P clips that have a track.

    Args:
        tokens: (P, N, D).
        mask: (P, N) true where there is a token.
        spans_s: (P, N, 2) what each has seen.
    """

    tokens: Tensor
    mask: Tensor
    spans_s: Tensor


class TrackProjector(nn.Module):
    """Turns the rows of one track into tokens."""

    def forward(self, batch: TrackBatch) -> TrackTokens:
        """P clips of T rows to P clips of N tokens."""
        raise NotImplementedError


class RowProjector(TrackProjector):
    """Rows, or means over stretches of them, through `project`.

    Args:
        project: (…, width) to (…, D).
        tokens: stretches; None for one token per row.
    """

    def __init__(self, project: nn.Module, tokens: int | None) -> None:
        super().__init__()
        self.project, self.tokens = project, tokens

    def forward(self, batch: TrackBatch) -> TrackTokens:
        """P clips of T rows to P clips of `tokens` (or T) tokens."""
        if self.tokens is None:
            return TrackTokens(self.project(batch.steps), batch.mask, batch.times_s)
        members = equal_stretches(batch.mask, self.tokens)
        tokens = self.project(mean_over(batch.steps, members))
        return TrackTokens(tokens, members.any(dim=2), spans_of(batch.times_s, members))


class AttentionPool(nn.Module):
    """Each stretch pooled by softmax weights that a small network gives its rows.

    AffectGPT's track pooling has no softmax (its weights neither sum to 1 nor stay positive) and
    one token a track; this has both. Source of the form: Lin et al. 2017, with tanh.

    Args:
        width: numbers in a row.
        hidden: numbers in a pooled row.
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.enter = nn.Sequential(nn.Linear(width, hidden), nn.GELU())
        self.score = nn.Sequential(nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 1))

    def forward(self, steps: Tensor, members: Tensor) -> Tensor:
        """(P, T, width) and (P, N, T) to (P, N, hidden)."""
        x = self.enter(steps)
        return torch.bmm(softmax_over(self.score(x).squeeze(2), members), x)


class AttentionProjector(TrackProjector):
    """Softmax pooling over stretches, then into the LLM's width.

    Args:
        track: its width and number of tokens.
        config: hidden width, dropout, the LLM's width.
    """

    def __init__(self, track: TrackConfig, config: FusionConfig) -> None:
        super().__init__()
        self.tokens = track.tokens or 1
        self.pool = AttentionPool(track.width, config.hidden)
        self.leave = nn.Sequential(
            nn.Dropout(config.dropout), nn.Linear(config.hidden, config.llm_width)
        )

    def forward(self, batch: TrackBatch) -> TrackTokens:
        """P clips of T rows to P clips of `tokens` tokens."""
        members = equal_stretches(batch.mask, self.tokens)
        tokens = self.leave(self.pool(batch.steps, members))
        return TrackTokens(tokens, members.any(dim=2), spans_of(batch.times_s, members))


class LinearProjector(RowProjector):
    """One affine map."""

    def __init__(self, track: TrackConfig, config: FusionConfig) -> None:
        super().__init__(nn.Linear(track.width, config.llm_width), track.tokens)


class MlpProjector(RowProjector):
    """Two layers with GELU between them."""

    def __init__(self, track: TrackConfig, config: FusionConfig) -> None:
        project = nn.Sequential(
            nn.Linear(track.width, config.hidden),
            nn.GELU(),
            nn.Dropout(config.dropout),
            nn.Linear(config.hidden, config.llm_width),
        )
        super().__init__(project, track.tokens)
