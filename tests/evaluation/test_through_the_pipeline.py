"""The stub of the other tests and the product are asked in the same way."""

import pytest
from stub_product import words

from affect_llm.config import Settings
from affect_llm.evaluation.prediction import prediction_of
from affect_llm.pipeline import Pipeline, Source
from affect_llm.types import CueSheet, Modality

SETTINGS = Settings(reasoner="fake", labels="meld7", modalities=(Modality.TEXT,))


@pytest.fixture(scope="module")
def explainer():
    return Pipeline(SETTINGS)


def test_texts_come_back_in_order(explainer):
    texts = ["I am so glad.", "How dare you!", ""]
    outcomes = list(explainer.run(Source(text=text) for text in texts))
    found = [
        prediction_of(o, id=t, group="g", gold="joy", modalities=(Modality.TEXT,))
        for t, o in zip(texts, outcomes, strict=True)
    ]
    assert [p.state in ("answered", "abstained") for p in found] == [True, True, False]
    assert {p.model for p in found if p.label} == {found[0].model}
    assert found[2].model is None


def test_sheets_come_back_in_order_and_cite_what_they_hold(explainer):
    sheets = [(f"clip-{n}", CueSheet(cues=(words(f"Line {n}."),))) for n in range(3)]
    results = explainer.explain_sheets(sheets)
    assert [result.clip_id for result in results] == ["clip-0", "clip-1", "clip-2"]
    assert all(set(s.cue_ids) <= {"T1"} for result in results for s in result.explanation)
