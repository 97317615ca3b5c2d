"""The prompt of the describing task: what the clip shows, in free text."""

from affect_llm.prompting.files import prompt_file
from affect_llm.prompting.reason import TakenRoad, Tracks, reason_prompt
from affect_llm.types import CueSheet, Prompt

_BEGIN, _END, _ABSENT, _FEATURES = "<cues>\n", "\n</cues>", "Absent: ", "Features: "


def describe_prompt(
    sheet: CueSheet, tracks: Tracks | None = None, road: TakenRoad = "text"
) -> Prompt:
    """The prompt with the cues, slots and absences that `reason_prompt` shows of the same sheet."""
    file = prompt_file("describe")
    shown = reason_prompt(sheet, ("any", "other"), tracks, road).messages[-1].content
    head, _, rest = shown.partition(_BEGIN)
    cues, _, absent = rest.rpartition(f"{_END}\n{_ABSENT}")
    features = head.partition(_FEATURES)[2].strip() or "none"
    messages = file.fill({"features": features, "cues": cues, "absent": absent})
    return Prompt(id=file.id, version=file.version, messages=messages)
