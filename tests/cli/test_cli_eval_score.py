"""`affect-llm eval score` on good files, through the command itself."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sample_results import abstained_clip, joyful_clip
from typer.testing import CliRunner

from affect_llm.cli.eval import eval_app

RUNNER = CliRunner()


def scored(arguments: Sequence[str]) -> dict[str, object]:
    result = RUNNER.invoke(eval_app, ["score", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


GOLD = "name,label,speaker\na,joy,s1\nb,sad,s1\nc,joy,s2\nd,anger,s2\n"
PRED = "name,label,confidence\na,joy,0.9\nb,joy,0.6\nc,joy,0.8\nd,anger,0.7\n"


def test_a_closed_set_by_hand(tmp_path: Path) -> None:
    # Right: a, c, d. F1: anger 1, joy 2*2/(3+2) = .8, sad 0; gold counts 1, 2, 1.
    found = scored(
        [write(tmp_path / "p.csv", PRED), "--gold", write(tmp_path / "g.csv", GOLD),
         "--task", "closed-set"]
    )  # fmt: skip
    assert found["metrics"] == {
        "accuracy": 0.75,
        "macro_f1": pytest.approx(0.6),
        "unweighted_recall": pytest.approx(2 / 3),
        "weighted_f1": pytest.approx((1 + 2 * 0.8 + 0) / 4),
        "expected_calibration_error": pytest.approx((0.1 + 0.6 + 0.2 + 0.3) / 4),
    }
    assert list(found)[:4] == ["metrics", "averages", "skipped", "n"]
    assert found["n"] == 4
    assert found["resampling"] == {"groups": "speaker", "count": 2, "draws": 1000}
    baselines = found["baselines"]
    assert isinstance(baselines, dict)
    assert set(baselines) == {"majority", "chance", "shuffled predictions"}
    assert baselines["majority"]["metrics"]["accuracy"] == 0.5
    # One speaker has a joy of two items, and so has the other: every draw of speakers is alike.
    assert baselines["majority"]["intervals"]["metrics"]["accuracy"] == [0.5, 0.5]
    assert baselines["chance"]["metrics"]["accuracy"] == pytest.approx(1 / 3)


FORMATS = {
    "comma": "name,label\na,joy\nb,sad\n",
    "semicolon": "name;label\na;joy\nb;sad\n",
    "tab": "name\tlabel\na\tjoy\nb\tsad\n",
    "bom": "\ufeffname,label\na,joy\nb,sad\n",
    "all quoted": '"name","label"\r\n"a","joy"\r\n"b","sad"\r\n',
    "line break in a cell": 'name,label,note\na,joy,"two\nlines; and, more"\nb,sad,\n',
    "other order and case": "Label,NAME\njoy,a\nsad,b\n",
    "blank lines": "name,label\n\na,joy\n\nb,sad\n\n",
    "spaces": "name, label\na, joy\nb, sad\n",
    "blanks before quotes": 'name, label, note\na, joy, "x, y"\nb, sad, "z"\n',
    "json lines": '{"name": "a", "label": "joy"}\n{"id": 1, "name": "b", "label": "sad"}\n',
    "old line ends": "name,label\ra,joy\rb,sad\r",
}


@pytest.mark.parametrize("text", FORMATS.values(), ids=FORMATS)
def test_every_format_reads_alike(tmp_path: Path, text: str) -> None:
    (tmp_path / "p").write_bytes(text.encode("utf-8"))
    gold = write(tmp_path / "g.csv", "name,label\na,joy\nb,joy\n")
    found = scored([str(tmp_path / "p"), "--gold", gold, "--task", "closed-set", "--labels",
                    "joy,sad"])  # fmt: skip
    assert found["n"] == 2
    assert found["metrics"]["accuracy"] == 0.5  # type: ignore[index]
    assert found["skipped"] == {}


def test_our_own_results_are_scored_as_they_are(tmp_path: Path) -> None:
    named = (joyful_clip("a.mp4"), abstained_clip().model_copy(update={"clip_name": "b.mp4"}))
    lines = [result.model_dump_json() for result in named]
    lines.append('{"clip_name":"c.mp4","error":"no such file"}')
    gold = write(tmp_path / "g.csv", "name,label\na,joy\nb,sadness\nc,joy\n")
    found = scored([write(tmp_path / "p.jsonl", "\n".join(lines)), "--gold", gold, "--task",
                    "closed-set", "--labels", "ekman7"])  # fmt: skip
    assert found["metrics"]["accuracy"] == pytest.approx(1 / 3)  # type: ignore[index]
    assert found["skipped"] == {"prediction without a label": 2}


def test_dimensions_by_hand(tmp_path: Path) -> None:
    # gold 0, 1, predicted 0, 2: means .5, 1; variances .25, 1; covariance .5.
    gold = write(tmp_path / "g.csv", "name,valence,arousal\na,0,1\nb,1,0\n")
    pred = write(tmp_path / "p.csv", "name,valence\na,0\nb,2\n")
    found = scored([pred, "--gold", gold, "--task", "dimensional"])
    valence = found["metrics"]["valence"]  # type: ignore[index]
    assert valence["ccc"] == pytest.approx(2 * 0.5 / (0.25 + 1 + 0.25))
    assert valence["mae"] == pytest.approx(0.5)
    assert "arousal" not in found["metrics"]  # type: ignore[operator]


def test_sentiment_as_unibench_takes_it(tmp_path: Path) -> None:
    # c (gold 0) is left out; "neutral" and "Positive" count as negative: a right, b wrong, d wrong.
    gold = write(tmp_path / "g.csv", "name,val\na,1.5\nb,0.2\nc,0\nd,2\ne,-1\n")
    pred = write(tmp_path / "p.csv", "name,sentiment\na,positive\nb,neutral\nc,positive\n"
                                     "d,Positive\ne,negative\n")  # fmt: skip
    found = scored([pred, "--gold", gold, "--task", "sentiment"])
    assert found["metrics"]["accuracy"] == 0.5  # type: ignore[index]
    skipped = found["skipped"]
    assert isinstance(skipped, dict)
    assert skipped["sentiment that is no known word, scored as negative"] == 1
    assert skipped["neutral answer, scored as negative"] == 1
    assert skipped["gold is 0"] == 1


def test_several_labels_and_their_unknown_words(tmp_path: Path) -> None:
    gold = write(tmp_path / "g.csv", 'name,openset\na,"joy, love"\nb,anger\n')
    pred = write(tmp_path / "p.csv", 'name,openset\na,"[joy, love]"\nb,"[anger, glee]"\n')
    found = scored([pred, "--gold", gold, "--task", "multi-label"])
    assert found["metrics"]["exact_match"] == 1.0  # type: ignore[index]
    assert found["skipped"] == {"predicted label outside the set": 1}
    assert found["unknown_labels"] == {"glee": 1}


def test_compounds(tmp_path: Path) -> None:
    gold = write(tmp_path / "g.csv", "name,label\na,happily surprised\nb,sadly angry\n")
    pred = write(tmp_path / "p.csv", "name,label\na,Surprise+happiness\nb,sad\n")
    found = scored([pred, "--gold", gold, "--task", "compound"])
    metrics = found["metrics"]
    assert isinstance(metrics, dict)
    assert metrics["accuracy"] == 0.5
    assert metrics["component_credit"] == pytest.approx((1 + 2 / 3) / 2)
    assert found["skipped"] == {"answer outside the classes, wrong": 1}


def test_open_labels_with_the_own_vocabulary(tmp_path: Path) -> None:
    gold = write(tmp_path / "g.csv", 'name,openset\na,"[happy]"\nb,"[furious]"\n')
    pred = write(tmp_path / "p.csv", 'name,openset\na,"[joyful]"\nb,"[angry, zzz]"\n')
    found = scored([pred, "--gold", gold, "--task", "open-set"])
    averages = found["averages"]
    assert isinstance(averages, dict)
    assert set(averages) >= {"ov-mer", "unibench", "mer2025", "mer2026"}
    assert averages["unibench"] is None, "only the official tables have it"
    assert found["coverage"]["predicted"]["unknown_words"] == {"zzz": 1}  # type: ignore[index]
    baselines = found["baselines"]
    assert isinstance(baselines, dict)
    assert set(baselines) == {
        "majority", "worried, angry, happy", "all seven", "shuffled predictions",
    }  # fmt: skip


def test_descriptions_by_rules_stand_beside_retired_judges(tmp_path: Path) -> None:
    text = "She smiles and her voice is bright, so she seems happy."
    gold = write(tmp_path / "g.csv", f'name,reason\na,"{text}"\nb,"He frowns and seems angry."\n')
    pred = write(tmp_path / "p.csv", f'name,reason\na,"{text}"\nb,""\n')
    found = scored([pred, "--gold", gold, "--task", "emer"])
    metrics = found["metrics"]
    assert isinstance(metrics, dict)
    assert metrics["clue_overlap"] == 5.0, "10 for the same text, 0 for an empty one"
    assert found["skipped"] == {"empty description": 1}
    references = found["references"]
    assert isinstance(references, list)
    assert all("retired" in reference["caveat"] for reference in references)


def test_set_level_groups_synonyms(tmp_path: Path) -> None:
    gold = write(tmp_path / "g.csv", 'name,openset\na,"[happy]"\nb,"[sad]"\n')
    pred = write(tmp_path / "p.csv", 'name,openset\na,"[happiness, sad]"\nb,"[sad]"\n')
    found = scored([pred, "--gold", gold, "--task", "set-level"])
    assert found["metrics"] == {"accuracy": 0.75, "recall": 1.0, "mean": 0.875}


def test_official_npz_layouts(tmp_path: Path) -> None:
    np.savez(tmp_path / "p.npz", filenames=np.array(["a", "b"]),
             fileitems=np.array(["[joyful]", "[angry]"]))  # fmt: skip
    gold = write(tmp_path / "g.csv", 'name,openset\na,"[happy]"\nb,"[furious]"\n')
    found = scored([str(tmp_path / "p.npz"), "--gold", gold, "--task", "open-set"])
    assert found["n"] == 2
    reasons = {"a": "She smiles.", "b": "He frowns."}
    np.savez(tmp_path / "r.npz", name2reason=np.array(reasons, dtype=object))
    gold = write(tmp_path / "e.csv", "name,reason\na,She smiles.\nb,He frowns.\n")
    found = scored([str(tmp_path / "r.npz"), "--gold", gold, "--task", "emer"])
    assert found["n"] == 2
    labels = {"a": {"emo": "happy", "val": 1.0}, "b": {"emo": "sad", "val": -2.0}}
    np.savez(tmp_path / "label.npz", test1_corpus=np.array(labels, dtype=object))
    pred = write(tmp_path / "s.csv", "name,sentiment\na,positive\nb,negative\n")
    found = scored([pred, "--gold", str(tmp_path / "label.npz"), "--task", "sentiment"])
    assert found["metrics"]["accuracy"] == 1.0  # type: ignore[index]


def test_missing_predictions_by_choice(tmp_path: Path) -> None:
    gold, pred = (
        write(tmp_path / "g.csv", GOLD),
        write(tmp_path / "p.csv", PRED[: -len("d,anger,0.7\n")]),
    )
    common = [pred, "--gold", gold, "--task", "closed-set", "--missing"]
    empty, left = scored([*common, "count-as-empty"]), scored([*common, "leave-out"])
    assert (empty["n"], left["n"]) == (4, 3)
    assert empty["metrics"]["accuracy"] == 0.5  # type: ignore[index]
    assert left["metrics"]["accuracy"] == pytest.approx(2 / 3)  # type: ignore[index]
    assert empty["skipped"] == {"missing prediction, scored as empty": 1}
    assert left["skipped"] == {"missing prediction, left out": 1}


def test_the_same_command_prints_the_same(tmp_path: Path) -> None:
    arguments = [write(tmp_path / "p.csv", PRED), "--gold", write(tmp_path / "g.csv", GOLD),
                 "--task", "closed-set"]  # fmt: skip
    assert scored(arguments) == scored(arguments)


def test_a_blank_before_a_bracket_is_kept_as_the_official_parser_meets_it(tmp_path: Path) -> None:
    from affect_llm.evaluation.tables.delimited import read_delimited

    table = read_delimited(tmp_path / "p", "name,openset\na, [happy]\n", {"name", "openset"})
    assert table.columns["openset"] == [" [happy]"]
