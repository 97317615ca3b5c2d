"""Cues on a time line: a lane per family and person, a strength per cue."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.prompting.salience import strength_of, untagged
from affect_llm.types import Cue, Modality

_ORDER = (Modality.TEXT, Modality.AUDIO, Modality.VISUAL, Modality.PHYSIOLOGY)
_QUIET = 0.2
"""Under this strength a cue says little: within half a deviation, unlikely, a trace, upright."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The cues of one family, in order of time; of one person where several are seen."""

    modality: Modality
    family: str
    cues: tuple[Cue, ...]
    person: str | None = None

    @property
    def name(self) -> str:
        """The label of the lane: "face", or "face P2"."""
        return f"{self.family} {self.person}" if self.person else self.family


def lanes_of(cues: Sequence[Cue]) -> list[Lane]:
    """Lanes in the order text, audio, visual; by person; families in order of first mention."""
    families: dict[tuple[Modality, str, str | None], list[Cue]] = {}
    for cue, tagged in zip(cues, untagged(tuple(cues)), strict=True):
        families.setdefault((cue.modality, cue.family, tagged.person), []).append(cue)
    time = attrgetter("span.start_s", "span.end_s")
    lanes = [
        Lane(modality, family, tuple(sorted(members, key=time)), person)
        for (modality, family, person), members in families.items()
    ]
    return sorted(lanes, key=lambda lane: (_ORDER.index(lane.modality), lane.person or ""))


def strength(cue: Cue) -> float:
    """How far a cue is from nothing to see, 0 to 1; words and scene labels are 1."""
    return strength_of(cue, drawn=True)


def is_quiet(cue: Cue) -> bool:
    """Whether a cue says little: typical, straight ahead, unlikely, a bare trace."""
    scale, word = kind_of(cue.name).scale, word_of(cue)
    return strength(cue) < _QUIET or (scale is not None and word in scale.absent)


def packed(cues: Sequence[Cue], least_s: float) -> list[list[Cue]]:
    """Cues in as few rows as keep them from touching; each takes at least `least_s` seconds."""
    rows: list[list[Cue]] = []
    ends: list[float] = []
    for cue in cues:
        row = next((n for n, end in enumerate(ends) if end <= cue.span.start_s), len(rows))
        if row == len(rows):
            rows.append([])
            ends.append(0.0)
        rows[row].append(cue)
        ends[row] = max(cue.span.end_s, cue.span.start_s + least_s)
    return rows
