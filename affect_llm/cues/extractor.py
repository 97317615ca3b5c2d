"""The interface of every cue extractor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from affect_llm.types import Absence, Clip, Measurement, Modality, TimeSpan


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor found, and what it could not find and why."""

    measurements: tuple[Measurement, ...] = ()
    absent: tuple[Absence, ...] = ()


class CueExtractor(Protocol):
    """Measures one family of cues over a clip.

    An extractor streams through the clip once, keeps memory flat, and reports per window: each
    measurement's span lies within one of `windows`. What it cannot have it reports as an
    `Absence` with a reason; it raises only for a programming error.
    """

    name: str
    modality: Modality
    provenance: str
    """Who measures with what, `name@version#weights`, as in `Measurement.source`."""

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """Measure what `clip` shows in each of `windows`."""
        ...
