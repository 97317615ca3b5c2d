"""Cue sheet → the prompt that asks for a label and an explanation."""

from collections.abc import Sequence

from affect_llm.prompting.cue_line import render_cue
from affect_llm.prompting.files import prompt_file
from affect_llm.prompting.people import untagged
from affect_llm.prompting.salience import select_cues
from affect_llm.prompting.schema import LABEL_PREFIX, answer_schema
from affect_llm.types import CueSheet, Modality, Prompt

_STATES = {
    "absent": "absent",
    "failed": "failed",
    "low_quality": "low quality",
    "not_asked": "not asked",
}


def reason_prompt(sheet: CueSheet, labels: Sequence[str]) -> Prompt:
    """The prompt for a sheet; its schema allows only `labels` and the ids of the cues shown."""
    file = prompt_file("reason")
    cues = untagged(select_cues(sheet))
    messages = file.fill(
        {
            "labels": ", ".join(labels),
            "cues": "\n".join(render_cue(cue) for cue in cues),
            "absent": _absent(sheet),
        }
    )
    modalities = [m for m in Modality if any(cue.modality == m for cue in cues)]
    return Prompt(
        id=file.id,
        version=file.version,
        messages=messages,
        answer_schema=answer_schema(labels, [cue.id for cue in cues], modalities),
        labels=tuple(labels),
        label_prefix=LABEL_PREFIX,
    )


def _absent(sheet: CueSheet) -> str:
    present = {cue.modality for cue in sheet.cues}
    states = {
        a.modality: _STATES[a.state] for a in reversed(sheet.absent) if a.modality not in present
    }
    return ", ".join(f"{m} ({states[m]})" for m in Modality if m in states) or "nothing"
