"""Tokens of a batch of clips, and of one of them."""

from dataclasses import dataclass

import torch
from torch import Tensor

from affect_llm.types import Modality, SoftTokens, TimeSpan


@dataclass(frozen=True, slots=True)
class TokenColumn:
    """The track of a column of tokens, and its modality; None where it mixes several."""

    track: str
    modality: Modality | None


@dataclass(frozen=True, slots=True)
class FusedBatch:
    """Tokens of B clips in N columns.

    Args:
        tokens: (B, N, D), with gradient in training.
        mask: (B, N) true where a clip has that token; the others are zero and must not be read.
        spans_s: (B, N, 2) what each has seen.
        columns: N, in the order of the tracks.
        source: the fusion's provenance.
    """

    tokens: Tensor
    mask: Tensor
    spans_s: Tensor
    columns: tuple[TokenColumn, ...]
    source: str

    def of_track(self, clip: int, track: str) -> Tensor:
        """(n, D) tokens of one clip's track, with gradient; n may be 0."""
        columns = torch.tensor([c.track == track for c in self.columns], device=self.mask.device)
        return self.tokens[clip][columns & self.mask[clip]]

    def of_clip(self, clip: int) -> SoftTokens:
        """One clip's tokens, without gradient."""
        given = torch.nonzero(self.mask[clip])[:, 0].tolist()
        spans = self.spans_s[clip].tolist()
        return SoftTokens(
            array=self.tokens[clip, given].detach().float().cpu().numpy(),
            spans=tuple(TimeSpan(start_s=spans[n][0], end_s=spans[n][1]) for n in given),
            modalities=tuple(self.columns[n].modality for n in given),
            tracks=tuple(self.columns[n].track for n in given),
            source=self.source,
        )
