"""The kind "qformer": learned queries that ask a track by cross-attention with masks.

Source: Li et al. 2023 (BLIP-2), section 3.1, without the text branch; blocks with the norm first
(Xiong et al. 2020). Times enter as sinusoids, so that rows of different encoders share a clock.
"""

from typing import Self

import torch
from pydantic import model_validator
from torch import Tensor, nn

from affect_llm.fusion.collation import TrackBatch
from affect_llm.fusion.config import ShippedOptions, TrackConfig
from affect_llm.fusion.projector import TrackProjector, TrackTokens
from affect_llm.fusion.stretches import spans_of

_SHORTEST_S, _LONGEST_S = 0.1, 4000.0
"""Periods of the clock, in seconds: from a syllable's rise to a clip of more than an hour."""


class QFormerOptions(ShippedOptions):
    """`hidden`, `layers`, `heads` and `dropout` are used."""

    @model_validator(mode="after")
    def _divisible(self) -> Self:
        if self.hidden % self.heads:
            raise ValueError(f"hidden {self.hidden} is not a multiple of heads {self.heads}")
        return self


class QFormer(TrackProjector):
    """`tokens` queries over all rows of a track; each token speaks of the whole track."""

    options_type = QFormerOptions

    def __init__(self, track: TrackConfig, llm_width: int, options: QFormerOptions) -> None:
        super().__init__(track, llm_width, options)
        # Small, as embeddings of a transformer begin (0.02, Devlin et al. 2019).
        self.queries = nn.Parameter(torch.randn(track.tokens or 1, options.hidden) * 0.02)
        self.enter = nn.Linear(track.width, options.hidden)
        self.blocks = nn.ModuleList(
            nn.TransformerDecoderLayer(
                options.hidden,
                options.heads,
                dim_feedforward=4 * options.hidden,  # the share of Vaswani et al. 2017
                dropout=options.dropout,
                activation="gelu",
                batch_first=True,
                norm_first=True,
            )
            for _ in range(options.layers)
        )
        self.enter_norm = nn.LayerNorm(options.hidden)
        self.leave = nn.Sequential(
            nn.LayerNorm(options.hidden), nn.Linear(options.hidden, llm_width)
        )

    def forward(self, batch: TrackBatch) -> TrackTokens:
        """P clips of T rows to P clips of `tokens` tokens, none of them padding."""
        clock = sinusoids(batch.times_s.mean(dim=2), self.enter.out_features)
        memory = self.enter_norm(self.enter(batch.steps) + clock)
        x = self.queries.expand(len(memory), -1, -1)
        for block in self.blocks:
            x = block(x, memory, memory_key_padding_mask=~batch.mask)
        every = batch.mask[:, None].expand(-1, x.shape[1], -1)
        return TrackTokens(self.leave(x), every.any(dim=2), spans_of(batch.times_s, every))


def sinusoids(times_s: Tensor, width: int) -> Tensor:
    """(P, T) seconds to (P, T, width): sines and cosines of periods from 0.1 s to 4000 s.

    Source: Vaswani et al. 2017, section 3.5, with seconds in place of positions.
    """
    count = width // 2
    ratio = torch.linspace(0, 1, count, device=times_s.device, dtype=times_s.dtype)
    period = _SHORTEST_S * (_LONGEST_S / _SHORTEST_S) ** ratio
    angle = 2 * torch.pi * times_s[..., None] / period
    clock = torch.cat([angle.sin(), angle.cos()], dim=2)
    return nn.functional.pad(clock, (0, width - 2 * count))
