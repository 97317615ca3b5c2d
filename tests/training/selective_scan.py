"""A fusion from outside: a toy selective scan (Gu and Dao 2023, arXiv 2312.00752), as one file."""

import torch
from pydantic import Field
from torch import Tensor, nn

from affect_llm.fusion.collation import TrackBatch
from affect_llm.fusion.config import FusionOptions, TrackConfig
from affect_llm.fusion.projector import TrackProjector, TrackTokens
from affect_llm.fusion.stretches import equal_stretches, mean_over, spans_of


class ScanOptions(FusionOptions):
    """`state` numbers are carried from row to row."""

    state: int = Field(default=8, gt=0)


class SelectiveScan(TrackProjector):
    """Each row decides how much of the state to forget; means of the state are projected."""

    options_type = ScanOptions

    def __init__(self, track: TrackConfig, llm_width: int, options: ScanOptions) -> None:
        super().__init__(track, llm_width, options)
        self.count = track.tokens or 1
        self.enter = nn.Linear(track.width, options.state)
        self.forget = nn.Linear(track.width, options.state)
        self.leave = nn.Linear(options.state, llm_width)

    def forward(self, batch: TrackBatch) -> TrackTokens:
        """P clips of T rows to P clips of `count` tokens."""
        keep = torch.sigmoid(self.forget(batch.steps))
        state = torch.zeros_like(keep[:, 0])
        states: list[Tensor] = []
        for step, entering in enumerate(self.enter(batch.steps).unbind(1)):
            state = keep[:, step] * state + (1 - keep[:, step]) * entering
            states.append(state)
        members = equal_stretches(batch.mask, self.count)
        tokens = self.leave(mean_over(torch.stack(states, dim=1), members))
        return TrackTokens(tokens, members.any(dim=2), spans_of(batch.times_s, members))
