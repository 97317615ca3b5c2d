"""Clips composed of held-out cues: a voice, a face and words that suggest the same, or do not.

They go through the same prompt, reasoner, parser and checker as a file does, and they can be
changed: a cue deleted, all cues taken from another clip.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from affect_llm.cues.catalogue import number_cues
from affect_llm.cues.extractor import Extraction
from affect_llm.errors import DataError
from affect_llm.evaluation.composed.banks import Banks
from affect_llm.labels.canonical import canonical
from affect_llm.types import Absence, CueSheet, Modality, TimeSpan

T = TypeVar("T")
PRESENT = 0.7
"""How often each modality is there."""
CONFLICTING = 0.2
"""How often one modality of several suggests another emotion."""
_ORDER = (Modality.TEXT, Modality.AUDIO, Modality.VISUAL)


@dataclass(frozen=True, slots=True)
class ComposedClip:
    """`gold` is a label of the set in use; None where the modalities conflict."""

    id: str
    gold: str | None
    sheet: CueSheet


def compose(
    banks: Banks, labels: Sequence[str], count: int, rng: np.random.Generator
) -> list[ComposedClip]:
    """`count` clips whose emotions are drawn evenly from those that every modality can show.

    Args:
        banks: what to draw pieces from.
        labels: of the set in use; its emotions are those that have a canonical name.
        count: how many clips.
        rng: drawn from; the same state gives the same clips.

    Raises:
        DataError: the banks share fewer than two emotions of `labels`.
    """
    names = {name: label for label in labels if (name := canonical(label)) is not None}
    shared = sorted(set(names).intersection(*(set(banks[modality]) for modality in _ORDER)))
    if len(shared) < 2:
        raise DataError(f"The banks share only {shared or 'no emotion'} of {', '.join(labels)}.")
    return [_clip(f"composed-{number}", banks, shared, names, rng) for number in range(count)]


def _clip(
    id: str, banks: Banks, shared: list[str], names: dict[str, str], rng: np.random.Generator
) -> ComposedClip:
    emotion = _pick(shared, rng)
    present = [modality for modality in _ORDER if rng.random() < PRESENT] or [_pick(_ORDER, rng)]
    emotions = dict.fromkeys(present, emotion)
    if len(present) > 1 and rng.random() < CONFLICTING:
        emotions[_pick(present, rng)] = _pick([name for name in shared if name != emotion], rng)
    agreed = len(set(emotions.values())) == 1
    pieces = {m: _pick(banks[m][emotions[m]], rng) for m in present}
    whole = TimeSpan(start_s=0, end_s=max(piece.duration_s for piece in pieces.values()))
    # Words and still pictures last as long as the clip; what was recorded has its own time.
    lasting = [
        tuple(
            m if m.span.duration_s > 0 else m.model_copy(update={"span": whole})
            for m in piece.measurements
        )
        for piece in pieces.values()
    ]
    absent = tuple(
        Absence(modality=modality, state="absent", reason=f"the clip has no {modality}")
        for modality in _ORDER
        if modality not in pieces
    )
    sheet = number_cues([*map(Extraction, lasting), Extraction(absent=absent)])
    return ComposedClip(id, names[emotion] if agreed else None, sheet)


def _pick(things: Sequence[T], rng: np.random.Generator) -> T:
    return things[int(rng.integers(len(things)))]
