"""The answers that are learned: a label, the whole JSON, or a description in free text."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from affect_llm.prompting.files import prompt_file
from affect_llm.prompting.reason import Tracks, reason_prompt
from affect_llm.prompting.salience import shown_sheet
from affect_llm.prompting.schema import LABEL_PREFIX
from affect_llm.training.gold_answer import write_answer
from affect_llm.training.sft.rows import CitedSentence
from affect_llm.types import CueSheet, Modality, Prompt, Road

_AFTER_LABEL = '","modalities":{'
"""What every answer goes on with; tokenised with the label, so that tokens merge as they will."""
_SENTENCES = ',"explanation":['
_BEGIN, _END, _ABSENT, _FEATURES = "<cues>\n", "\n</cues>", "Absent: ", "Features: "


@dataclass(frozen=True, slots=True)
class LearnedText:
    """An answer as text.

    Args:
        text: all of it.
        label: (start, end) of the label in `text`; None where there is none.
        begin: characters from here on are learned.
        end: characters before this are learned.
        ends: whether the end-of-answer token is learned behind it.
    """

    text: str
    label: tuple[int, int] | None
    begin: int
    end: int
    ends: bool


def label_answer(label: str) -> LearnedText:
    """The label and the quote that closes it, and nothing after."""
    written = json.dumps(label, ensure_ascii=False)[1:-1]
    start, end = len(LABEL_PREFIX), len(LABEL_PREFIX) + len(written)
    text = f"{LABEL_PREFIX}{written}{_AFTER_LABEL}"
    return LearnedText(text, (start, end), start, end + 1, ends=False)


def whole_answer(
    sheet: CueSheet,
    label: str,
    sentences: Sequence[CitedSentence],
    rng: random.Random,
    *,
    chosen: bool,
) -> LearnedText:
    """The whole of `affect-llm/answer@1`; its sentences are the row's own or the phrase grammar's.

    Args:
        sheet: of the row.
        label: the right one.
        sentences: the row's own; those that cite a cue which is not shown are left out.
        rng: chooses phrasings.
        chosen: sentences are chosen in this run, not written: only what stands before is learned.
    """
    shown = shown_sheet(sheet)
    present = [m for m in Modality if any(cue.modality is m for cue in shown.cues)]
    text = write_answer(shown, label, dict.fromkeys(present, label), rng)
    ids = set(shown.by_id())
    cited = [
        {"text": s.text, "cues": list(s.cues)} for s in sentences if s.cues and set(s.cues) <= ids
    ]
    if cited:
        answer = json.loads(text) | {"explanation": cited}
        text = json.dumps(answer, separators=(",", ":"), ensure_ascii=False)
    end = text.index(_SENTENCES) if chosen else len(text)
    return LearnedText(text, label_answer(label).label, len(LABEL_PREFIX), end, ends=not chosen)


def description_prompt(sheet: CueSheet, tracks: Tracks, road: Road) -> Prompt:
    """What asks for a description, with the cues, slots and absences that `reason_prompt` shows."""
    file = prompt_file("describe")
    shown = reason_prompt(sheet, ("any", "other"), tracks, road).messages[-1].content
    head, _, rest = shown.partition(_BEGIN)
    cues, _, absent = rest.rpartition(f"{_END}\n{_ABSENT}")
    features = head.partition(_FEATURES)[2].strip() or "none"
    messages = file.fill({"features": features, "cues": cues, "absent": absent})
    return Prompt(id=file.id, version=file.version, messages=messages)
