"""`affect-llm eval run`, `compare` and `list` on a small corpus in MELD's layout."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from affect_llm.cli.eval import eval_app
from affect_llm.locks import sole_run

RUNNER = CliRunner()
HEAD = "Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n"


@pytest.fixture
def meld(tmp_path: Path) -> Path:
    folder = tmp_path / "meld"
    folder.mkdir()
    words = {"joy": "What a joy!", "anger": "This makes me angry.", "neutral": "It is a table."}
    for split, count in (("train", 12), ("dev", 6)):
        rows = [
            f"{words[label]},Ann,{label},neutral,{number // 2},{number}\n"
            for number, label in enumerate(list(words) * (count // 3))
        ]
        (folder / f"{split}_sent_emo.csv").write_text(HEAD + "".join(rows))
    return folder


def ran(meld: Path, out: Path, *flags: str) -> dict[str, object]:
    result = RUNNER.invoke(
        eval_app,
        ["run", "meld", "--data", str(meld), "--reasoner", "fake", "--out", str(out), "--json",
         *flags],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def test_a_suite_is_answered_scored_kept_and_shown(meld: Path, tmp_path: Path) -> None:
    page = tmp_path / "r.html"
    first = ran(meld, tmp_path / "out", "--html", str(page))
    suite = first["suites"][0]  # type: ignore[index]
    assert suite["score"]["n"] == 6
    assert {b["name"] for b in suite["baselines"]} >= {"majority", "shuffled"}
    scores = suite["scores"]
    assert scores["metrics"]["weighted_f1"] == suite["score"]["value"]
    assert set(scores["baselines"]) >= {"majority", "chance", "shuffled predictions", "tfidf"}
    assert sum(map(sum, scores["charts"]["confusion"]["counts"])) == 6
    (log,) = (tmp_path / "out").glob("meld.*.predictions.jsonl")
    answered = log.read_bytes()
    assert ran(meld, tmp_path / "out") == first, "the second run asks nothing anew"
    assert log.read_bytes() == answered
    text = page.read_text()
    assert "Which label was taken for which" in text
    assert "on the official test part" in text, "why a number of others does not compare"
    assert "http" not in text.replace("http-equiv", "")


def test_a_second_run_of_the_same_suite_is_told_of_the_first(meld: Path, tmp_path: Path) -> None:
    ran(meld, tmp_path / "out")
    (log,) = (tmp_path / "out").glob("meld.*.predictions.jsonl")
    with sole_run(log):
        second = RUNNER.invoke(
            eval_app,
            ["run", "meld", "--data", str(meld), "--reasoner", "fake", "--out",
             str(tmp_path / "out")],
        )  # fmt: skip
    assert second.exit_code == 2
    assert "Another evaluation of the same suite is working in" in second.output


def test_two_runs_are_compared_and_other_items_refused(meld: Path, tmp_path: Path) -> None:
    ran(meld, tmp_path / "one")
    ran(meld, tmp_path / "two")
    places = [str(tmp_path / "one"), str(tmp_path / "two")]
    result = RUNNER.invoke(eval_app, ["compare", *places, "--json"])
    (found,) = json.loads(result.stdout)["comparisons"]
    assert found["n"] == 6
    assert {d["difference"] for d in found["differences"]} == {0.0}
    assert {d["p_permutation"] for d in found["differences"]} == {1.0}
    ran(meld, tmp_path / "few", "--limit", "3")
    result = RUNNER.invoke(eval_app, ["compare", places[0], str(tmp_path / "few")])
    assert result.exit_code == 2
    assert "do not answer the same items: 3" in result.stderr


def test_a_file_is_scored_against_a_suites_gold(meld: Path, tmp_path: Path) -> None:
    answers = [("joy", "anger", "neutral")[n % 3] for n in range(6)]
    lines = [f"dev-{n // 2}-{n},{label}\n" for n, label in enumerate(answers)]
    (tmp_path / "p.csv").write_text("name,label\n" + "".join(lines))
    result = RUNNER.invoke(
        eval_app,
        ["score", str(tmp_path / "p.csv"), "--suite", "meld", "--data", str(meld), "--json"],
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["metrics"]["accuracy"] == 1.0
    assert found["resampling"]["groups"] == "group"
    assert found["references"]


def test_compare_of_two_files(tmp_path: Path) -> None:
    labels = ["joy", "sad"] * 20
    for name, wrong in (("gold", 0), ("good", 2), ("bad", 24)):
        rows = ["zzz" if n < wrong else label for n, label in enumerate(labels)]
        lines = (f"c{n},{label}\n" for n, label in enumerate(rows))
        (tmp_path / name).write_text("name,label\n" + "".join(lines))
    arguments = ["compare", str(tmp_path / "good"), str(tmp_path / "bad"), "--gold",
                 str(tmp_path / "gold"), "--task", "closed-set", "--json"]  # fmt: skip
    (found,) = json.loads(RUNNER.invoke(eval_app, arguments).stdout)["comparisons"]
    by_name = {d["name"]: d for d in found["differences"]}
    accuracy = by_name["accuracy"]
    assert accuracy["difference"] == pytest.approx(22 / 40)
    assert accuracy["interval"][0] > 0.3
    assert accuracy["p_permutation"] < 0.01
    assert accuracy["p_holm"] >= accuracy["p_permutation"]


def test_list_says_what_is_found(meld: Path) -> None:
    result = RUNNER.invoke(eval_app, ["list", "--data", str(meld), "--json"])
    rows = {row["name"]: row for row in json.loads(result.stdout)["suites"]}
    assert rows["meld"]["found"] is True
    assert rows["emodb"]["found"] is False
    assert rows["emodb"]["problem"]
    assert rows["meld"]["metric"] == "weighted_f1"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--data", "."], "Name a suite"),
        (["run", "mled", "--data", "."], "Did you mean 'meld'"),
        (["run", "meld", "--data", "nowhere"], "missing"),
        (["run", "--all", "--data", "."], "--banks"),
        (["run", "composed", "--data", "."], "--banks"),
        (["run", "meld", "--data", ".", "--reasoner", "fakir"], "Did you mean 'fake'"),
        (["compare", ".", "."], "no answers"),
        (["score", "x.csv"], "Give --gold FILE and --task NAME"),
        (["score", "x.csv", "--suite", "meld"], "--data DIR"),
    ],
)
def test_mistakes_are_one_sentence_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = RUNNER.invoke(eval_app, arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
