"""What each road shows of a sheet, and what it keeps for whoever chooses sentences."""

import json
import math
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from test_reason_prompt import LABELS, au, sheet, words

from affect_llm.errors import PromptError
from affect_llm.prompting.calibration import Calibration
from affect_llm.prompting.choice import choice_prompt, outline_prompt
from affect_llm.prompting.reason import (
    Road,
    hidden_modalities,
    reason_prompt,
    road_file,
    track_family,
)
from affect_llm.prompting.result import distribution
from affect_llm.prompting.salience import shown_sheet
from affect_llm.types import Absence, Completion, CueSheet, Modality, Prompt, Usage

TRACKS = {"voice": Modality.AUDIO, "face": Modality.VISUAL, "mixed": None}
SHEET = sheet(words("I hate this place"), au(4, 3.2), au(7, 2.0))


def user_of(prompt: Prompt) -> str:
    return prompt.messages[-1].content


def gone(modality: Modality, family: str | None, state: str = "failed") -> Absence:
    return Absence.model_validate(
        {"modality": modality, "family": family, "state": state, "reason": "made so"}
    )


def test_the_line_of_features_stands_between_labels_and_cues() -> None:
    lines = user_of(reason_prompt(SHEET, LABELS, TRACKS, "both")).splitlines()
    assert lines[:3] == [
        "Labels: anger, joy, neutral",
        "Features: voice <|soft:voice|> face <|soft:face|> mixed <|soft:mixed|>",
        "<cues>",
    ]


def test_frame_and_system_turn_are_those_of_the_text_road() -> None:
    text, both = reason_prompt(SHEET, LABELS), reason_prompt(SHEET, LABELS, TRACKS, "both")
    assert text.messages[0] == both.messages[0]
    lines = user_of(both).splitlines()
    assert [line for line in lines if not line.startswith("Features: ")] == user_of(
        text
    ).splitlines()
    assert (text.id, both.id) == ("reason", "reason_projected")
    assert road_file("projected") == road_file("both") != road_file("text")


def test_projected_shows_no_cue_of_the_tracks_and_keeps_them_in_the_schema() -> None:
    projected = reason_prompt(SHEET, LABELS, TRACKS, "projected")
    assert "T1 words" in user_of(projected)
    assert "AU04" not in user_of(projected)
    assert projected.answer_schema == reason_prompt(SHEET, LABELS).answer_schema


def test_sentences_about_hidden_cues_can_be_chosen() -> None:
    prompt = reason_prompt(SHEET, LABELS, TRACKS, "projected")
    outline: dict[str, Any] = {
        "label": "anger",
        "modalities": {"text": "anger", "visual": "anger"},
        "valence": -0.5,
        "arousal": 0.6,
    }
    Draft202012Validator(outline_prompt(prompt, "anger").answer_schema or {}).validate(outline)
    choice = choice_prompt(prompt, outline, shown_sheet(SHEET))
    assert '"F1"' in json.dumps(choice.answer_schema)
    assert choice.messages == prompt.messages


@pytest.mark.parametrize(
    ("absent", "road", "told"),
    [
        ((), "projected", "nothing"),
        ((gone(Modality.VISUAL, track_family("face")),), "projected", "visual (failed)"),
        ((gone(Modality.VISUAL, track_family("face")),), "both", "nothing"),
        ((gone(Modality.VISUAL, "face", "not_asked"),), "projected", "nothing"),
        ((gone(Modality.AUDIO, "voice", "not_asked"),), "both", "nothing"),
        ((gone(Modality.AUDIO, "voice", "not_asked"),), "text", "audio (not asked)"),
        (
            (gone(Modality.AUDIO, None, "absent"), gone(Modality.AUDIO, track_family("voice"))),
            "projected",
            "audio (absent)",
        ),
    ],
)
def test_absent_is_what_neither_cues_nor_features_tell(
    absent: tuple[Absence, ...], road: Road, told: str
) -> None:
    asked = reason_prompt(CueSheet(cues=SHEET.cues, absent=absent), LABELS, TRACKS, road)
    assert user_of(asked).endswith(f"Absent: {told}")


def test_without_a_cue_there_is_nothing_to_cite() -> None:
    prompt = reason_prompt(CueSheet(), LABELS, TRACKS, "projected")
    schema = Draft202012Validator(prompt.answer_schema or {})
    answer = {"label": "joy", "modalities": {}, "valence": 0.5, "arousal": 0.1}
    assert schema.is_valid({**answer, "open_labels": [], "explanation": []})
    made_up = [{"text": "The voice is high.", "cues": ["V1"]}]
    assert not schema.is_valid({**answer, "open_labels": [], "explanation": made_up})


def test_the_text_road_takes_no_notice_of_tracks_and_the_others_need_them() -> None:
    assert reason_prompt(SHEET, LABELS, TRACKS, "text") == reason_prompt(SHEET, LABELS)
    with pytest.raises(PromptError, match="'both' needs tracks"):
        reason_prompt(SHEET, LABELS, {}, "both")


def test_a_track_that_mixes_hides_nothing_of_its_own() -> None:
    assert hidden_modalities({"mixed": None}, "projected") == frozenset()
    assert hidden_modalities(TRACKS, "projected") == {Modality.AUDIO, Modality.VISUAL}
    assert hidden_modalities(TRACKS, "both") == frozenset()


def test_scores_of_hidden_cues_are_not_pooled_into_the_probabilities() -> None:
    scored = au(4, 3.2).model_copy(update={"name": "face.anger", "unit": "p", "value": 0.98})
    seen = sheet(words("I hate this place"), scored)
    even = {label: math.log(1 / len(LABELS)) for label in LABELS}
    said = Completion(
        text="", label_logprobs=even, usage=Usage(prompt_tokens=1, completion_tokens=1),
        finish="stop", model="m",
    )  # fmt: skip
    pooling = Calibration(temperatures={"*": 1.0}, pooling={"*": 1.0}, fitted_on="nothing")
    shown = distribution(said, reason_prompt(seen, LABELS, TRACKS, "both"), seen, pooling)
    hidden = distribution(said, reason_prompt(seen, LABELS, TRACKS, "projected"), seen, pooling)
    assert shown is not None
    assert hidden is not None
    assert shown["anger"] > 0.9
    assert hidden["anger"] == pytest.approx(1 / len(LABELS))
