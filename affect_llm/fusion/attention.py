"""The kind "attention": each stretch of a track pooled by softmax weights, then projected."""

from torch import Tensor, bmm, nn

from affect_llm.fusion.collation import TrackBatch
from affect_llm.fusion.config import ShippedOptions, TrackConfig
from affect_llm.fusion.projector import TrackProjector, TrackTokens
from affect_llm.fusion.stretches import equal_stretches, softmax_over, spans_of


class AttentionOptions(ShippedOptions):
    """`hidden` and `dropout` are used."""


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
        return bmm(softmax_over(self.score(x).squeeze(2), members), x)


class AttentionProjector(TrackProjector):
    """Softmax pooling over stretches, then into the LLM's width."""

    options_type = AttentionOptions

    def __init__(self, track: TrackConfig, llm_width: int, options: AttentionOptions) -> None:
        super().__init__(track, llm_width, options)
        self.tokens = track.tokens or 1
        self.pool = AttentionPool(track.width, options.hidden)
        self.leave = nn.Sequential(
            nn.Dropout(options.dropout), nn.Linear(options.hidden, llm_width)
        )

    def forward(self, batch: TrackBatch) -> TrackTokens:
        """P clips of T rows to P clips of `tokens` tokens."""
        members = equal_stretches(batch.mask, self.tokens)
        tokens = self.leave(self.pool(batch.steps, members))
        return TrackTokens(tokens, members.any(dim=2), spans_of(batch.times_s, members))
