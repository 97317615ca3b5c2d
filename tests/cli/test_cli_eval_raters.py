"""`affect-llm eval agreement | evidence | preference`, through the command itself."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from sample_results import joyful_clip
from typer.testing import CliRunner

from affect_llm.cli.eval import eval_app

RUNNER = CliRunner()
# Krippendorff 2011, section C: four observers, twelve units.
PUBLISHED = """name,a,b,c,d
1,1,1,,1
2,2,2,3,2
3,3,3,3,3
4,3,3,3,3
5,2,2,2,2
6,1,2,3,4
7,4,4,4,4
8,1,1,2,1
9,2,2,2,2
10,,5,5,5
11,,,1,1
12,,,3,
"""
LABELS = "id;Anna;Ben;speaker\nx;joy;Joy;s1\ny;sad;joy;s1\nz;sad;sad;s2\n"
PAIRS = "id,first,second,preferred\np,She smiles.,He frowns.,first\nq,Loud.,Quiet.,\n"


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def document(arguments: Sequence[str]) -> dict[str, object]:
    result = RUNNER.invoke(eval_app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def refusal(arguments: Sequence[str]) -> str:
    result = RUNNER.invoke(eval_app, arguments)
    assert result.exit_code == 2, result.output
    return result.stderr


@pytest.mark.parametrize(
    ("scale", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_of_the_published_example(tmp_path: Path, scale: str, alpha: float) -> None:
    found = document(["agreement", write(tmp_path / "r.csv", PUBLISHED), "--scale", scale])
    score = found["alpha"]
    assert isinstance(score, dict)
    assert score["value"] == pytest.approx(alpha, abs=0.0005)
    low, high = score["interval"]
    assert low < alpha < high
    assert (score["n"], score["skipped"]) == (11, {"fewer than two ratings": 1})
    assert (found["missing"], found["fleiss"]) == (7, None)
    assert found["raters"] == ["a", "b", "c", "d"]


def test_labels_by_hand(tmp_path: Path) -> None:
    # Anna: joy, sad, sad; Ben: joy, joy, sad. Cohen: observed 2/3, chance (2 + 2)/9 -> 2/5.
    # Fleiss: pairs agree 1, 0, 1 -> 2/3; labels half and half -> 1/2 -> 1/3.
    # Alpha: 1 - (1 - 1/3) * 5/6 = 4/9.
    found = document(["agreement", write(tmp_path / "r.csv", LABELS), "--groups", "speaker"])
    assert found["fleiss"] == pytest.approx(1 / 3)
    assert found["alpha"]["value"] == pytest.approx(4 / 9)  # type: ignore[index]
    [pair] = found["pairs"]  # type: ignore[misc]
    assert (pair["first"], pair["second"], pair["n"]) == ("Anna", "Ben", 3)
    assert pair["value"] == pytest.approx(2 / 5)
    assert (found["labels"], found["groups"]) == (["joy", "sad"], "speaker")


def test_agreement_in_words(tmp_path: Path) -> None:
    result = RUNNER.invoke(eval_app, ["agreement", write(tmp_path / "r.csv", PUBLISHED)])
    assert "12 items, 4 raters, nominal scale" in result.stdout
    assert "Krippendorff's alpha: 0.743 [" in result.stdout
    # a and b agree on 8 of 9; labels 3, 3, 2, 1 and 2, 4, 2, 1 times: (72 - 23) / (81 - 23)
    assert "a, b: cohen kappa 0.845 of 9 items" in result.stdout
    assert "missing ratings: 7" in result.stdout


@pytest.mark.parametrize(
    ("text", "flags", "sentence"),
    [
        (LABELS, ["--scale", "ratio"], "--scale is 'ratio'; choose from nominal, ordinal"),
        (LABELS, ["--scale", "ordinal"], "The ordinal scale needs --order"),
        (LABELS, ["--scale", "ordinal", "--order", "joy,glad"], "are not among the labels joy"),
        (LABELS, ["--scale", "interval"], "The interval scale needs numbers"),
        (LABELS, ["--raters", "Anna"], "has no two different columns of raters: Anna"),
        (LABELS, ["--raters", "Anna,Carl"], "has no column 'Carl' for a rater"),
        (LABELS, ["--groups", "city"], "has no column 'city' for the groups"),
        ("id,a\n1,x\n", [], "has no two different columns of raters: a"),
        ("id,a,b\n", [], "has a header but no rows"),
        (
            "id,a,text\n" + "".join(f"{n},joy,text {n}\n" for n in range(1001)),
            [],
            "hold 1002 different labels; at most 1000 can be compared",
        ),
    ],
)
def test_ratings_without_sense_are_refused(
    tmp_path: Path, text: str, flags: list[str], sentence: str
) -> None:
    assert sentence in refusal(["agreement", write(tmp_path / "r.csv", text), *flags])


def test_evidence_of_results(tmp_path: Path) -> None:
    lines = joyful_clip("a.mp4").model_dump_json() + '\n{"clip_name": "b", "error": "No video."}\n'
    found = document(["evidence", write(tmp_path / "r.jsonl", lines)])
    shares = [found[name]["value"] for name in ("supported", "unsupported", "contradicted")]  # type: ignore[index]
    assert sum(shares) == pytest.approx(1)
    assert found["coverage"]["skipped"] == {"no result": 1}  # type: ignore[index]
    shown = RUNNER.invoke(eval_app, ["evidence", str(tmp_path / "r.jsonl")]).stdout
    assert "supported: " in shown
    assert "recall: " in shown
    assert "no result: 1" in shown


def test_what_is_no_result_is_refused(tmp_path: Path) -> None:
    assert "line 1 is no result" in refusal(["evidence", write(tmp_path / "r.jsonl", "{}")])
    assert "cannot be read" in refusal(["evidence", str(tmp_path / "gone.jsonl")])


def test_preferences_of_a_reasoner(tmp_path: Path) -> None:
    log = tmp_path / "replies.jsonl"
    arguments = ["preference", write(tmp_path / "p.csv", PAIRS), "--reasoner", "fake"]
    found = document([*arguments, "--log", str(log)])
    assert (found["n"], found["with_human"], found["unparsed"]) == (2, 1, 0)
    assert found["agreement"] in (0, 0.5, 1)
    assert found["judge"]["model"] == "fake@1#000000000000"  # type: ignore[index]
    assert len(log.read_text().splitlines()) == 4
    shown = RUNNER.invoke(eval_app, arguments).stdout
    assert "2 pairs, judged by fake@1#000000000000" in shown
    assert "agreement with people: " in shown


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id,first,second,preferred\np,x,y,both\n", "line 2: the preferred description is 'both'"),
        ("id,first\np,x\n", "has no column 'second' for the second description"),
        ("id,first,second\np,x,y\np,x,y\n", "pairs with different ids"),
    ],
)
def test_pairs_without_sense_are_refused(tmp_path: Path, text: str, sentence: str) -> None:
    pairs = write(tmp_path / "p.csv", text)
    assert sentence in refusal(["preference", pairs, "--reasoner", "fake"])
