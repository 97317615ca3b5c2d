"""What a kind of fusion is: a module from the rows of a track to tokens, and its options."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from affect_llm.fusion.collation import TrackBatch
from affect_llm.fusion.config import FusionConfig, FusionOptions, TrackConfig
from affect_llm.fusion.stretches import equal_stretches, mean_over, spans_of


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
    """Turns the rows of one track into tokens; a subclass of it is a kind of fusion.

    Attributes:
        options_type: what the kind can be told; stored with the fusion and checked by this class.

    Args:
        track: its width, and how many tokens it is to give.
        llm_width: D, of the tokens.
        options: of `options_type`.
    """

    options_type: ClassVar[type[FusionOptions]] = FusionOptions

    def __init__(self, track: TrackConfig, llm_width: int, options: FusionOptions) -> None:
        super().__init__()

    def forward(self, batch: TrackBatch) -> TrackTokens:
        """P clips of T rows to P clips of N tokens."""
        raise NotImplementedError

    @classmethod
    def mixer(cls, config: FusionConfig) -> nn.Module | None:
        """A module from a `FeatureBatch` to the tokens of a further track that mixes the others.

        None for a kind that has no such track; `FusionOptions.mixed` says how many tokens it has.
        """
        return None


class RowProjector(TrackProjector):
    """Projects each row by itself, or the mean of each of several equal stretches of rows.

    Source of its two kinds: LLaVA (Liu et al. 2023) and LLaVA-1.5 (Liu et al. 2024).

    Args:
        project: (…, width) to (…, D).
        tokens: stretches; None for one token per row.
    """

    def __init__(self, project: nn.Module, tokens: int | None) -> None:
        nn.Module.__init__(self)
        self.project, self.tokens = project, tokens

    def forward(self, batch: TrackBatch) -> TrackTokens:
        """P clips of T rows to P clips of `tokens` (or T) tokens."""
        if self.tokens is None:
            return TrackTokens(self.project(batch.steps), batch.mask, batch.times_s)
        members = equal_stretches(batch.mask, self.tokens)
        tokens = self.project(mean_over(batch.steps, members))
        return TrackTokens(tokens, members.any(dim=2), spans_of(batch.times_s, members))
