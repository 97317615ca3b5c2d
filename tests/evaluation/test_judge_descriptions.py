import json
from pathlib import Path

from scripted_reasoner import asker

from affect_llm.evaluation.judges.describe import DescriptionReport, judge_descriptions
from affect_llm.evaluation.judges.judgement import Judgement
from affect_llm.evaluation.judges.reasoned import ReasonedJudge
from affect_llm.evaluation.judges.rules import RuleJudge
from affect_llm.evaluation.reference import published_scores

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "judgement@1.json"
GOLD = {"a": "She smiles and is happy.", "b": "He frowns in anger.", "c": "He shouts in anger."}
GOOD = {"a": "A grin suggests joy.", "b": "The brows are lowered; anger.", "c": "Loud, angry."}
BAD = {"a": "She frowns in anger.", "b": "A grin suggests joy.", "c": "A quiet voice; sadness."}


def report(predicted: dict[str, str]) -> DescriptionReport:
    return judge_descriptions(GOLD, predicted, RuleJudge())


def test_anchors_give_the_scale() -> None:
    scale = report(GOOD).anchors["clue_overlap"]
    assert (scale.ceiling.value, scale.floor.value) == (10, 0)
    blind = judge_descriptions(GOLD, GOOD, ReasonedJudge(asker(lambda p: "[joy] score: 5")))
    scale = blind.anchors["clue_overlap"]
    assert scale.ceiling.value == scale.floor.value == 5
    assert "clue_overlap means nothing here" in blind.warnings[0]
    assert report(GOOD).warnings == ()


def test_published_scores_say_that_they_do_not_compare() -> None:
    published = published_scores()
    assert {row.caveat for row in published} == {
        "judged by gpt-3.5-turbo-16k-0613, retired, not comparable"
    }
    rows = {(row.system, row.metric): row.value for row in published}
    assert rows["Emotion-LLaMA", "clue_overlap"] == 7.83
    assert rows["Emotion-LLaMA", "label_overlap"] == 6.25
    assert rows["VideoChat-Text", "clue_overlap"] == 6.42
    assert rows["VideoChat-Text", "label_overlap"] == 3.94
    assert len(rows) == 14


def test_the_published_schema_is_the_one_that_judgements_follow() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == Judgement.model_json_schema()
