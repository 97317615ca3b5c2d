import json
import math

import pytest
from test_reason_prompt import LABELS, au, sheet, words

from affect_llm.prompting.calibration import Calibration
from affect_llm.prompting.reason import reason_prompt
from affect_llm.prompting.result import judge
from affect_llm.types import Completion, Modality, Usage

SHEET = sheet(words("I hate this"), au(12, 3.0))
PROMPT = reason_prompt(SHEET, LABELS)


def said(text: str, logprobs: dict[str, float] | None = None) -> Completion:
    usage = Usage(prompt_tokens=1, completion_tokens=1)
    return Completion(text=text, label_logprobs=logprobs, usage=usage, finish="stop", model="m")


def answer(**changes: object) -> str:
    whole = {
        "label": "anger",
        "modalities": {"text": "anger", "visual": "joy"},
        "valence": -0.5,
        "arousal": 0.4,
        "open_labels": ["cross"],
        "explanation": [
            {"text": "The lip corners are raised.", "cues": ["F1"]},
            {"text": "There is no smile at all.", "cues": ["F1"]},
        ],
    }
    return json.dumps({**whole, **changes})


def test_a_good_answer_is_read_checked_and_its_conflict_named() -> None:
    logprobs = {"anger": math.log(0.5), "joy": math.log(0.3), "neutral": math.log(0.2)}
    verdict = judge(said(answer(), logprobs), PROMPT, SHEET, None)
    assert verdict.label == "anger"
    assert verdict.confidence == pytest.approx(0.5)
    assert [s.support for s in verdict.explanation] == ["supported", "contradicted"]
    assert verdict.support.contradicted == 1
    assert verdict.conflict.present
    assert set(verdict.conflict.between) == {Modality.TEXT, Modality.VISUAL}


def test_calibration_changes_confidence_and_not_the_order() -> None:
    logprobs = {"anger": math.log(0.5), "joy": math.log(0.3), "neutral": math.log(0.2)}
    cool = Calibration(temperatures={"text+visual": 3.0, "*": 1.0}, fitted_on="test")
    verdict = judge(said(answer(), logprobs), PROMPT, SHEET, cool)
    assert verdict.distribution is not None
    assert 1 / 3 < verdict.distribution["anger"] < 0.5
    assert sum(verdict.distribution.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    "text",
    [
        "joy",
        "{",
        answer(label="happy"),
        answer(explanation=[{"text": "It is seen.", "cues": ["F9"]}]),
        answer(explanation=[]),
        answer(extra=1),
        answer(valence=7),
    ],
)
def test_an_answer_off_its_schema_stays_unparsed(text: str) -> None:
    verdict = judge(said(text, {"anger": -0.1, "joy": -3.0, "neutral": -3.0}), PROMPT, SHEET, None)
    assert verdict.label is None
    assert verdict.distribution is None
    assert verdict.unparsed
