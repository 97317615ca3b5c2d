"""`affect-llm eval score --task sentiment`: replies as they are, label lists by a named rule."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from affect_llm.cli.eval import eval_app

GOLD = "name,val\na,0.8\nb,-0.4\nc,0\nd,-1.2\ne,2\n"
LABELS = 'name,openset\na,"[happy, excited]"\nb,[sad]\nc,[]\nd,"[blorp]"\ne,"[worried, 高兴]"\n'


def score(folder: Path, gold: str, predicted: str, *flags: str) -> Result:
    for name, text in (("g.csv", gold), ("p.csv", predicted)):
        (folder / name).write_text(text, encoding="utf-8")
    files = [str(folder / "p.csv"), "--gold", str(folder / "g.csv")]
    return CliRunner().invoke(eval_app, ["score", *files, "--task", "sentiment", *flags])


def test_label_lists_by_their_valence(tmp_path: Path) -> None:
    # c is neutral gold. Positive: a; e, (-0.5 + 0.8) / 2. Negative: b; d, unknown. All right.
    result = score(tmp_path, GOLD, LABELS, "--labels-as", "valence", "--json")
    found = json.loads(result.stdout)
    assert found["metrics"] == {"weighted_f1": 1.0, "accuracy": 1.0}
    assert found["labels_read_by"] == "mean valence of the words, vocabulary own-1"
    assert found["skipped"]["labels without a known valence, scored as negative"] == 1


def test_the_rule_for_labels_is_said_to_people(tmp_path: Path) -> None:
    result = score(tmp_path, GOLD, LABELS, "--labels-as", "valence")
    assert "Labels read by: mean valence" in result.stdout


def test_label_lists_are_not_read_unasked(tmp_path: Path) -> None:
    result = score(tmp_path, GOLD, LABELS)
    assert result.exit_code == 2
    assert "--labels-as valence" in result.stderr
    assert "[happy, excited]" in result.stderr


def test_an_unknown_rule_is_refused(tmp_path: Path) -> None:
    result = score(tmp_path, GOLD, LABELS, "--labels-as", "arousal")
    assert result.exit_code == 2
    assert "arousal" in result.stderr


@pytest.mark.parametrize("column", ["sentiment", "val", "openset", "label", "prediction"])
def test_replies_by_any_usual_name(tmp_path: Path, column: str) -> None:
    # Neutral counts as negative, "Positive" is no known word: both d and e are negative.
    replies = f"name,{column}\na,positive\nb,-0.1\nc,positive\nd,neutral\ne,Positive\n"
    found = json.loads(score(tmp_path, GOLD, replies, "--json").stdout)
    assert found["metrics"]["accuracy"] == 0.75
    assert found["skipped"]["sentiment that is no known word, scored as negative"] == 1


def test_gold_may_stand_in_the_official_column(tmp_path: Path) -> None:
    replies = "name,openset\na,positive\nb,negative\nc,neutral\nd,negative\ne,positive\n"
    found = json.loads(score(tmp_path, GOLD.replace("val", "openset"), replies, "--json").stdout)
    assert found["metrics"]["weighted_f1"] == 1.0


def test_a_missing_column_is_named_with_those_there(tmp_path: Path) -> None:
    result = score(tmp_path, GOLD, "name,mood\na,positive\n")
    assert result.exit_code == 2
    assert "no column 'sentiment'" in result.stderr
    assert "'name', 'mood'" in result.stderr
