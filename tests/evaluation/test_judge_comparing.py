import json
from pathlib import Path

import pytest
from scripted_reasoner import asker

from affect_llm.errors import DataError
from affect_llm.evaluation.judges.comparison import compare, repeatability
from affect_llm.evaluation.judges.describe import DescriptionReport, judge_descriptions
from affect_llm.evaluation.judges.judgement import Judgement
from affect_llm.evaluation.judges.published import published_overlap
from affect_llm.evaluation.judges.reasoned import ReasonedJudge
from affect_llm.evaluation.judges.rules import RuleJudge

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "judgement@1.json"
GOLD = {"a": "She smiles and is happy.", "b": "He frowns in anger.", "c": "He shouts in anger."}
GOOD = {"a": "A grin suggests joy.", "b": "The brows are lowered; anger.", "c": "Loud, angry."}
BAD = {"a": "She frowns in anger.", "b": "A grin suggests joy.", "c": "A quiet voice; sadness."}


def report(predicted: dict[str, str]) -> DescriptionReport:
    return judge_descriptions(GOLD, predicted, RuleJudge())


def test_two_systems_under_one_judge() -> None:
    found = compare(report(GOOD), report(BAD))["clue_overlap"]
    assert found.value == pytest.approx(10)
    assert (found.n, found.left_out) == (3, 0)
    assert found.interval == (10, 10)
    assert compare(report(GOOD), report(GOOD))["label_overlap"].value == 0


def test_anchors_give_the_scale() -> None:
    scale = report(GOOD).anchors["clue_overlap"]
    assert (scale.ceiling.value, scale.floor.value) == (10, 0)
    blind = judge_descriptions(GOLD, GOOD, ReasonedJudge(asker(lambda p: "[joy] score: 5")))
    scale = blind.anchors["clue_overlap"]
    assert scale.ceiling.value == scale.floor.value == 5
    assert "clue_overlap means nothing here" in blind.warnings[0]
    assert report(GOOD).warnings == ()


def test_a_clip_that_only_one_has_is_left_out() -> None:
    without = {name: GOOD[name] for name in ("a", "b")}
    assert compare(report(GOOD), report(without))["clue_overlap"].left_out == 1


def test_scores_of_different_judges_are_refused() -> None:
    other = judge_descriptions(GOLD, GOOD, ReasonedJudge(asker(lambda p: "[joy] score: 5")))
    with pytest.raises(DataError, match="different judges"):
        compare(report(GOOD), other)


def test_scores_against_other_references_are_refused() -> None:
    other = judge_descriptions({**GOLD, "a": "She cries, frowning."}, GOOD, RuleJudge())
    with pytest.raises(DataError, match="other references"):
        compare(report(GOOD), other)


def test_a_judge_agrees_with_itself_or_not() -> None:
    once = report(GOOD).judgements
    again = [j.model_copy(update={"score": (j.score or 0) - 2}) for j in once]
    assert repeatability(once, once)["clues"].mean_difference == 0
    assert repeatability(once, again)["clues"].mean_difference == 2
    foreign = [
        j.model_copy(update={"judge": j.judge.model_copy(update={"version": 9})}) for j in once
    ]
    with pytest.raises(DataError, match="self-agreement needs one"):
        repeatability(once, foreign)


def test_published_scores_say_that_they_do_not_compare() -> None:
    table = published_overlap()
    assert (table.judge, table.judge_state) == (
        "gpt-3.5-turbo-16k-0613",
        "retired, not comparable",
    )
    rows = {row.system: (row.clue_overlap, row.label_overlap) for row in table.rows}
    assert rows["Emotion-LLaMA"] == (7.83, 6.25)
    assert rows["VideoChat-Text"] == (6.42, 3.94)
    assert len(rows) == 7


def test_the_published_schema_is_the_one_that_judgements_follow() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == Judgement.model_json_schema()
