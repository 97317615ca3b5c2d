"""Cases that the model's context cannot hold: left out, or their quoted words are cut."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from affect_llm.training.sft.cases import Case
from affect_llm.types import Cue, CueSheet

_SHORTER = 0.8
TOO_LONG = "it is longer than the model's context"


def fitting(
    cases: Sequence[Case],
    length: Callable[[Case], int],
    room: int,
    rule: Literal["leave_out", "cut"],
) -> tuple[list[Case], int, int]:
    """(cases that fit, how many were cut, how many were left out).

    Args:
        cases: any.
        length: of a case's longest example, in tokens.
        room: of the context.
        rule: "cut" drops words from the end of what is quoted, a fifth at a time, until the case
            fits or there is nothing left to cut; then it is left out.
    """
    kept, cut, left_out = [], 0, 0
    for case in cases:
        fitted = _fitted(case, length, room) if rule == "cut" else case
        if length(fitted) > room:
            left_out += 1
            continue
        cut += fitted is not case
        kept.append(fitted)
    return kept, cut, left_out


def _fitted(case: Case, length: Callable[[Case], int], room: int) -> Case:
    while length(case) > room and any(_words(cue) > 1 for cue in case.sheet.cues):
        cues = tuple(_shorter(cue) for cue in case.sheet.cues)
        case = replace(case, sheet=CueSheet(cues=cues, absent=case.sheet.absent))
    return case


def _words(cue: Cue) -> int:
    return len(str(cue.value).split()) if cue.name == "words" else 0


def _shorter(cue: Cue) -> Cue:
    count = _words(cue)
    if count < 2:
        return cue
    kept = str(cue.value).split()[: int(count * _SHORTER)]
    return cue.model_copy(update={"value": " ".join(kept)})
