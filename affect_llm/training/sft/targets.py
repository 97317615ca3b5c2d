"""The answers that are learned: a label, the whole JSON, or a description in free text."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from affect_llm.prompting.salience import shown_sheet
from affect_llm.prompting.schema import LABEL_PREFIX
from affect_llm.training.gold_answer import write_answer
from affect_llm.training.sft.rows import Row, Told
from affect_llm.types import CueSheet, Modality

AFTER_LABEL = '","modalities":{'
"""What every answer goes on with; tokenised with the label, so that tokens merge as they will."""

SENTENCES = ',"explanation":['


@dataclass(frozen=True, slots=True)
class Target:
    """An answer as text.

    Args:
        text: all of it.
        label: (start, end) of the label in `text`; None where there is none.
        learned: characters from `begin` on and before `end` are learned.
        ends: whether the end-of-answer token is learned behind it.
    """

    text: str
    label: tuple[int, int] | None
    begin: int
    end: int
    ends: bool


def label_target(label: str) -> Target:
    """The label and the quote that closes it, and nothing after."""
    written = json.dumps(label, ensure_ascii=False)[1:-1]
    span = (len(LABEL_PREFIX), len(LABEL_PREFIX) + len(written))
    return Target(f"{LABEL_PREFIX}{written}{AFTER_LABEL}", span, span[0], span[1] + 1, ends=False)


def answer_target(sheet: CueSheet, label: str, told: Sequence[Told], rng: random.Random) -> Target:
    """The whole of `affect-llm/answer@1`; its sentences are the row's own or the phrase grammar's.

    Args:
        sheet: of the row.
        label: the right one.
        told: the row's own sentences; those that cite a cue which is not shown are left out.
        rng: chooses phrasings.
    """
    shown = shown_sheet(sheet)
    present = [m for m in Modality if any(cue.modality is m for cue in shown.cues)]
    text = write_answer(shown, label, dict.fromkeys(present, label), rng)
    ids = set(shown.by_id())
    own = [{"text": t.text, "cues": list(t.cues)} for t in told if t.cues and set(t.cues) <= ids]
    if own:
        answer = json.loads(text) | {"explanation": own}
        text = json.dumps(answer, separators=(",", ":"), ensure_ascii=False)
    span = label_target(label).label
    return Target(text, span, len(LABEL_PREFIX), len(text), ends=True)


def without_sentences(target: Target) -> Target:
    """Only what stands before the sentences: on the projected road they are chosen, not written."""
    return replace(target, end=target.text.index(SENTENCES), ends=False)


def described(row: Row) -> str | None:
    """The row's explanation as free text; None where it has none."""
    if isinstance(row.explanation, str):
        return row.explanation.strip() or None
    return " ".join(told.text for told in row.explanation or ()) or None


def told_of(row: Row) -> tuple[Told, ...]:
    """The row's sentences that cite cues."""
    return () if isinstance(row.explanation, str) else row.explanation or ()


def description_target(text: str) -> Target:
    """A free text, learned to its end."""
    return Target(text, None, 0, len(text), ends=True)
