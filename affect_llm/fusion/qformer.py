"""Learned queries that ask a track: cross-attention with masks.

Source: Li et al. 2023 (BLIP-2), section 3.1, without the text branch; blocks with the norm first
(Xiong et al. 2020). Times enter as sinusoids, so that rows of different encoders share a clock.
"""

import torch
from torch import Tensor, nn

from affect_llm.fusion.collation import TrackBatch
from affect_llm.fusion.config import FusionConfig, TrackConfig
from affect_llm.fusion.projectors import TrackProjector, TrackTokens
from affect_llm.fusion.stretches import spans_of

_SHORTEST_S, _LONGEST_S = 0.1, 4000.0


class QFormer(TrackProjector):
    """`tokens` queries over all rows of a track; each token speaks of the whole track.

    Args:
        track: its width and number of tokens.
        config: hidden width, layers, heads, dropout, the LLM's width.
    """

    def __init__(self, track: TrackConfig, config: FusionConfig) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(track.tokens or 1, config.hidden) * 0.02)
        self.enter = nn.Linear(track.width, config.hidden)
        self.blocks = nn.ModuleList(
            nn.TransformerDecoderLayer(
                config.hidden,
                config.heads,
                dim_feedforward=4 * config.hidden,
                dropout=config.dropout,
                activation="gelu",
                batch_first=True,
                norm_first=True,
            )
            for _ in range(config.layers)
        )
        self.enter_norm = nn.LayerNorm(config.hidden)
        self.leave = nn.Sequential(
            nn.LayerNorm(config.hidden), nn.Linear(config.hidden, config.llm_width)
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
