"""The interface of every cue extractor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from affect_llm.cues.catalogue import kind_of
from affect_llm.types import Absence, Clip, Cue, CueSheet, Measurement, Modality, TimeSpan


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
    """`name@version#weights`, as in `Measurement.source`."""

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """Measure `clip` per window."""
        ...


def number_cues(extractions: Sequence[Extraction]) -> CueSheet:
    """Give every measurement its short id, in order of modality, time and prominence given.

    Ids count per letter ("F1", "F2", "V1"): face and head F, voice V, words T, scene S.
    """
    counts: dict[str, int] = {}
    cues: list[Cue] = []
    measurements = [m for e in extractions for m in e.measurements]
    for measurement in sorted(measurements, key=lambda m: (m.modality, m.span.start_s)):
        letter = kind_of(measurement.name).letter
        counts[letter] = counts.get(letter, 0) + 1
        cues.append(Cue(id=f"{letter}{counts[letter]}", **measurement.model_dump()))
    return CueSheet(cues=tuple(cues), absent=tuple(a for e in extractions for a in e.absent))
