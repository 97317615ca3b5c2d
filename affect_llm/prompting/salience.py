"""Which cues a prompt shows when there are more than it can hold."""

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.types import Cue, CueSheet

_ROOM = {"face.": 4, "AU": 6, "voice.": 4, "prosody": 6, "words": 12, "scene": 2, "other": 4}
"""Lines per group; expression scores of face and voice are groups of their own."""
_STEADY = {"voice.arousal": 1.0, "voice.valence": 1.0}
"""Cues that always count fully, whatever their value."""


def salience(cue: Cue) -> float:
    """How much a cue says, 0 to about 1: probability, intensity or distance from the ordinary."""
    if isinstance(cue.value, str):
        return 1.0
    kind = kind_of(cue.name)
    if cue.name in _STEADY:
        return _STEADY[cue.name]
    if kind.relative:
        return min(abs(cue.deviation or 0.0) / 3.0, 1.0)
    if kind.unit == "FACS 0-5":
        return cue.value / 5.0
    if kind.unit == "deg":
        return min(abs(cue.value) / 40.0, 1.0)
    return abs(cue.value)


def select_cues(sheet: CueSheet) -> tuple[Cue, ...]:
    """The cues worth a line, strongest of each group, in the sheet's order.

    Action units that are absent, and shares of almost nothing, are not evidence and take no line.
    """
    groups: dict[str, list[Cue]] = {}
    for cue in sheet.cues:
        if not _says_nothing(cue):
            groups.setdefault(_group(cue), []).append(cue)
    kept: set[str] = set()
    for group, cues in groups.items():
        ranked = sorted(cues, key=lambda c: (-salience(c) * c.confidence, c.span.start_s, c.id))
        kept.update(cue.id for cue in ranked[: _ROOM[group]])
    return tuple(cue for cue in sheet.cues if cue.id in kept)


def shown_sheet(sheet: CueSheet) -> CueSheet:
    """The sheet with only the cues that a prompt shows."""
    return CueSheet(cues=select_cues(sheet), absent=sheet.absent)


def _group(cue: Cue) -> str:
    if cue.name in _STEADY:
        return "other"
    prefix = next((p for p in ("face.", "AU", "voice.") if cue.name.startswith(p)), None)
    return prefix or (cue.family if cue.family in _ROOM else "other")


def _says_nothing(cue: Cue) -> bool:
    scale = kind_of(cue.name).scale
    if scale is None or kind_of(cue.name).unit == "p":
        return False
    return word_of(cue) in scale.absent or (
        cue.name.startswith("head.") and word_of(cue) == "straight"
    )
