"""Samples that the model's context cannot hold: left out, or their quoted words are cut."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from affect_llm.training.sft.samples import TrainingSample
from affect_llm.types import Cue, CueSheet

_SHORTER = 0.8
"""A fifth of the words at a time: a few tries fit any text, and little is cut beyond need."""
TOO_LONG = "it is longer than the model's context"


def fitting(
    samples: Sequence[TrainingSample],
    length: Callable[[TrainingSample], int],
    room: int,
    rule: Literal["leave_out", "cut"],
) -> list[TrainingSample]:
    """The samples that fit, in order.

    Args:
        samples: in any order.
        length: of a sample's longest example, in tokens.
        room: of the context.
        rule: "cut" drops words from the end of what is quoted until the sample fits or there is
            nothing left to cut; then it is left out.
    """
    fitted = (_cut(s, length, room) if rule == "cut" else s for s in samples)
    return [sample for sample in fitted if length(sample) <= room]


def _cut(
    sample: TrainingSample, length: Callable[[TrainingSample], int], room: int
) -> TrainingSample:
    while length(sample) > room and any(len(_words(cue)) > 1 for cue in sample.sheet.cues):
        cues = tuple(_shorter(cue) for cue in sample.sheet.cues)
        sample = replace(sample, sheet=CueSheet(cues=cues, absent=sample.sheet.absent))
    return sample


def _words(cue: Cue) -> list[str]:
    return str(cue.value).split() if cue.name == "words" else []


def _shorter(cue: Cue) -> Cue:
    words = _words(cue)
    if len(words) < 2:
        return cue
    return cue.model_copy(update={"value": " ".join(words[: int(len(words) * _SHORTER)])})
