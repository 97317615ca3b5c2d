"""Cue sheet → the prompt that asks for a label and an explanation."""

from collections.abc import Mapping, Sequence

from affect_llm.errors import PromptError
from affect_llm.prompting.cue_line import render_cue
from affect_llm.prompting.files import PromptFile, prompt_file
from affect_llm.prompting.salience import select_cues, untagged
from affect_llm.prompting.schema import LABEL_PREFIX, answer_schema
from affect_llm.types import CueSheet, Modality, Prompt, Road, slot_marker

Tracks = Mapping[str, Modality | None]
"""Tracks of a fusion in their order, each with its modality; None for one that mixes several."""


def reason_prompt(
    sheet: CueSheet, labels: Sequence[str], tracks: Tracks | None = None, road: Road = "text"
) -> Prompt:
    """The prompt for a sheet; its schema allows only `labels` and the ids of the sheet's cues.

    Args:
        sheet: all that is known, also what is not shown; a track without features is entered in
            it as absent (`track_family`).
        labels: that may be answered.
        tracks: get a slot each ("projected" and "both"); one without tokens takes no room.
        road: on "projected", cues of the tracks' modalities are not shown. They stay in the schema:
            whoever answers chooses sentences about them (`choosing`) and writes none.

    Raises:
        PromptError: the road needs tracks and there are none.
    """
    file = road_file(road)
    slots = dict(tracks or {}) if road != "text" else {}
    if road != "text" and not slots:
        raise PromptError(f"The road '{road}' needs tracks, and none were given.")
    cues = untagged(select_cues(sheet))
    hidden = hidden_modalities(slots, road)
    present = [m for m in Modality if any(cue.modality == m for cue in cues)]
    values = {
        "labels": ", ".join(labels),
        "cues": "\n".join(render_cue(cue) for cue in cues if cue.modality not in hidden),
        "absent": _absent(sheet, slots, hidden),
    }
    if slots:
        values["features"] = " ".join(f"{track} {slot_marker(track)}" for track in slots)
    return Prompt(
        id=file.id,
        version=file.version,
        messages=file.fill(values),
        answer_schema=answer_schema(labels, [cue.id for cue in cues], present),
        labels=tuple(labels),
        label_prefix=LABEL_PREFIX,
        hidden=hidden,
    )


def road_file(road: Road) -> PromptFile:
    """The file that a road's prompts are made from."""
    return prompt_file("reason" if road == "text" else "reason_projected")


def hidden_modalities(tracks: Tracks, road: Road) -> frozenset[Modality]:
    """Modalities whose cues a prompt leaves out, because features stand in for them."""
    if road != "projected":
        return frozenset()
    return frozenset(modality for modality in tracks.values() if modality is not None)


def track_family(track: str) -> str:
    """How the absence of a track's features is entered in a sheet."""
    return f"{track} features"


def _absent(sheet: CueSheet, tracks: Tracks, hidden: frozenset[Modality]) -> str:
    """The modalities that the prompt has neither cues nor features of, with the reason of each."""
    missing = {absence.family for absence in sheet.absent}
    featured = {m for track, m in tracks.items() if track_family(track) not in missing}
    present = {cue.modality for cue in sheet.cues} - hidden | featured
    # Of several entries of a modality the first counts, so that it is set last.
    states = {a.modality: a.state.replace("_", " ") for a in reversed(sheet.absent)}
    names = [m for m in Modality if m in states and m not in present]
    return ", ".join(f"{m} ({states[m]})" for m in names) or "nothing"
