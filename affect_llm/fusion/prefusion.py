"""The kind "prefusion": a further track mixes the others, as AffectGPT's pre-fusion, mended.

AffectGPT weighs the mean picture and the mean sound by two numbers from two linear maps in a row,
without a softmax, and gives one token a clip. Here the weights are a softmax over the tracks that
are there, the scorer has a nonlinearity and sees what the others say, and the clip is cut into
stretches of time, each mixed on its own.
Source: Lian et al. 2025 (AffectGPT), section on pre-fusion, and its released code.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from affect_llm.fusion.attention import AttentionOptions, AttentionPool, AttentionProjector
from affect_llm.fusion.collation import FeatureBatch, TrackBatch
from affect_llm.fusion.config import FusionConfig, TrackConfig
from affect_llm.fusion.projector import TrackTokens
from affect_llm.fusion.stretches import spans_of, timed_stretches


class PreFusionOptions(AttentionOptions):
    """`hidden`, `dropout` and `mixed_tokens` are used."""

    @property
    def mixed(self) -> int:
        """Most tokens of the mixed track."""
        return self.mixed_tokens


class PreFusionProjector(AttentionProjector):
    """Each track by itself as "attention" has it; `mixer` makes the further track."""

    options_type = PreFusionOptions

    @classmethod
    def mixer(cls, config: FusionConfig) -> nn.Module | None:
        """The module of the mixed track."""
        assert isinstance(config.options, PreFusionOptions), "a kind has its own options"
        return Mixer(config.tracks, config.llm_width, config.options)


class Mixer(nn.Module):
    """The mixed track of some tracks, with tokens of `llm_width` numbers."""

    def __init__(
        self, tracks: Sequence[TrackConfig], llm_width: int, options: PreFusionOptions
    ) -> None:
        super().__init__()
        hidden = options.hidden
        self.count = options.mixed_tokens
        self.names = tuple(track.name for track in tracks)
        self.pools = nn.ModuleList(AttentionPool(track.width, hidden) for track in tracks)
        # Small, as embeddings of a transformer begin: what a track says outweighs which it is.
        self.kind = nn.Parameter(torch.randn(len(self.names), hidden) * 0.02)
        self.score = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.GELU(), nn.Linear(hidden, 1))
        self.leave = nn.Sequential(nn.Dropout(options.dropout), nn.Linear(hidden, llm_width))

    def forward(self, batch: FeatureBatch) -> TrackTokens:
        """Tokens (B, count, D) of all clips; a stretch in which no track has a row gives none."""
        share = torch.linspace(0, 1, self.count + 1, device=batch.extent_s.device)
        edges = batch.extent_s[:, :1] + batch.extent_s.diff(dim=1) * share
        columns = [
            self._column(batch.size, batch.tracks[name], pool, edges)
            for name, pool in zip(self.names, self.pools, strict=True)
        ]
        # (B, count, M, hidden), (B, count, M) and (B, count, M, 2) of all tracks.
        pooled, there, spans = (torch.stack(parts, dim=2) for parts in zip(*columns, strict=True))
        weights = self.weights(pooled, there)
        tokens = self.leave((weights[..., None] * pooled).sum(dim=2))
        starts = spans[..., 0].masked_fill(~there, torch.inf).amin(dim=2)
        ends = spans[..., 1].masked_fill(~there, -torch.inf).amax(dim=2)
        mask = there.any(dim=2)
        spans = torch.stack([starts, ends], dim=2).masked_fill(~mask[..., None], 0.0)
        return TrackTokens(tokens, mask, spans)

    def weights(self, pooled: Tensor, there: Tensor) -> Tensor:
        """How much each track counts in each stretch.

        Args:
            pooled: (B, count, M, hidden).
            there: (B, count, M) whether a track has a row in a stretch.

        Returns:
            (B, count, M) summing to 1 over the tracks that are there; 0 for the others.
        """
        known = there[..., None].to(pooled.dtype)
        given = pooled * known
        common = given.sum(dim=2, keepdim=True) / known.sum(dim=2, keepdim=True).clamp(min=1)
        seen = torch.cat([given + self.kind, common.expand_as(given)], dim=3)
        scores = self.score(seen).squeeze(3).masked_fill(~there, -1e4)
        return torch.as_tensor(scores.softmax(dim=2) * there)

    def _column(
        self, size: int, track: TrackBatch, pool: nn.Module, edges: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """What one track has in each stretch, with nothing where a clip has not got it."""
        members = timed_stretches(track.times_s, track.mask, edges[track.rows])
        there = torch.zeros(size, self.count, dtype=torch.bool, device=edges.device)
        spans = edges.new_zeros(size, self.count, 2)
        pooled = self.kind.new_zeros(size, self.count, self.kind.shape[1])
        if not len(track.rows):
            return pooled, there, spans
        return (
            pooled.index_copy(0, track.rows, pool(track.steps, members)),
            there.index_copy(0, track.rows, members.any(dim=2)),
            spans.index_copy(0, track.rows, spans_of(track.times_s, members)),
        )
