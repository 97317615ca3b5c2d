"""Bad files given to `affect-llm eval score`: sentences that name rows, never a traceback."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from affect_llm.cli.eval import eval_app

RUNNER = CliRunner()
GOLD = "name,label\na,joy\nb,sad\nc,joy\n"
PRED = "name,label\na,joy\nb,sad\nc,sad\n"
OPEN = 'name,openset\na,"[happy]"\nb,"[sad]"\nc,"[angry]"\n'
POINTS = "name,valence\na,0.1\nb,0.5\nc,0.3\n"


class Bomb:
    """Would make a folder if it were ever unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return Path.mkdir, (Path("unpickled"),)


def run(tmp_path: Path, gold: str | bytes, pred: str | bytes, *flags: str) -> tuple[int, str, str]:
    for name, content in (("gold", gold), ("pred", pred)):
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        (tmp_path / name).write_bytes(data)
    arguments = ["score", str(tmp_path / "pred"), "--gold", str(tmp_path / "gold"), *flags]
    result = RUNNER.invoke(eval_app, [*arguments, "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


CLOSED = ("--task", "closed-set")
OPENSET = ("--task", "open-set")
DIMENSIONAL = ("--task", "dimensional")
REFUSED: dict[str, tuple[str | bytes, str | bytes, tuple[str, ...], tuple[str, ...]]] = {
    # name: (gold, predictions, flags, what the sentence says)
    "missing predictions": (
        GOLD, "name,label\na,joy\n", CLOSED, ("2 items", "b, c", "--missing count-as-empty"),
    ),
    "conflicting duplicates": (
        GOLD, PRED + "b,joy\n", CLOSED, ("1 ids", "'b' in line 5", "--duplicates first"),
    ),
    "duplicates in the gold": (
        GOLD + "b,joy\n", PRED, CLOSED, ("gold", "'b' in line 5"),
    ),
    "gold label outside the set": (
        GOLD + "d,grumpy\n", PRED + "d,joy\n", (*CLOSED, "--labels", "joy,sad"),
        ("gold label outside the set: 1", "'d' in line 5: grumpy"),
    ),
    "no common id": (GOLD, "name,label\nx,joy\n", CLOSED, ("No id", "x", "a, b, c")),
    "missing column": (GOLD, "name,lable\na,joy\n", CLOSED, ("no column 'label'", "'lable'")),
    "missing id column": (GOLD, "nmae,label\na,joy\n", CLOSED, ("no column 'name'", "'nmae'")),
    "a column twice": (
        GOLD, "name,label,label\na,joy,sad\n", CLOSED, ("column label", "more than once"),
    ),
    "empty gold set": ("name,label\n", PRED, CLOSED, ("header but no rows",)),
    "gold without any label": (
        "name,label\na,\nb,nan\nc,None\n", PRED, CLOSED, ("no gold label, left out: 3", "line 2"),
    ),
    "labels of another set": (
        GOLD, "name,label\na,Freude\nb,Angst\nc,Angst\n", CLOSED,
        ("No label in", "angst, freude", "--labels"),
    ),
    "open gold without any label": (
        "name,openset\na,[]\nb,\nc,\n", OPEN, OPENSET, ("gold row without a label: 3",),
    ),
    "an empty file": (GOLD, "", CLOSED, ("is empty",)),
    "only blanks": (GOLD, " \n\n", CLOSED, ("is empty",)),
    "not UTF-8": (GOLD, "name,label\na,joié\n".encode("latin-1"), CLOSED,
                  ("not UTF-8", "line 2", "0xe9")),
    "UTF-16": (GOLD, PRED.encode("utf-16"), CLOSED, ("UTF-16",)),
    "a pickle": (GOLD, pickle.dumps(Bomb()), CLOSED, ("pickle", "never opened")),
    "a damaged zip": (GOLD, b"PK\x03\x04 and nothing", CLOSED, ("damaged",)),
    "uneven rows": (GOLD, "name,label\na,joy\nb,[sad, glad]\n", CLOSED, ("1 rows", "lines 3")),
    "an open quote": (GOLD, 'name,label\na,"joy\nb,sad\n', CLOSED, ("line 2", "quotes")),
    "a JSON array": (GOLD, '[{"name": "a"}]', CLOSED, ("JSON array",)),
    "broken JSON lines": (GOLD, '{"name": "a"}\n{"name": \n', CLOSED, ("line 2 is not JSON",)),
    "JSON lines of lists": (GOLD, '{"name": "a"}\n[1]\n', CLOSED, ("line 2 is not a JSON object",)),
    "deep JSON": (GOLD, '{"name": ' + "[" * 100_000 + "\n", CLOSED, ("line 1 is not JSON",)),
    "a number that is none": (
        POINTS, "name,valence\na,0.1\nb,high\nc,0.2\n", DIMENSIONAL, ("cell that is no number: 1",
        "'b' in line 3: high"),
    ),
    "NaN predictions": (
        POINTS, "name,valence\na,0.1\nb,nan\nc,inf\n", DIMENSIONAL,
        ("2 items", "b, c", "--missing leave-out"),
    ),
    "nothing can stand for a number": (
        POINTS, "name,valence\na,0.1\n", (*DIMENSIONAL, "--missing", "count-as-empty"),
        ("nothing can stand",),
    ),
    "no dimension in common": (POINTS, "name,arousal\na,1\n", DIMENSIONAL, ("share no column",)),
    "gold sentiment in words": (
        "name,val\na,good\n", "name,sentiment\na,positive\n", ("--task", "sentiment"),
        ("no number: 1", "'a' in line 2: good"),
    ),
    "unknown task": (GOLD, PRED, ("--task", "closedset"), ("Did you mean 'closed-set'",)),
    "unknown vocabulary": (
        OPEN, OPEN, (*OPENSET, "--vocabulary", "official-2024"), ("Did you mean 'official-202",),
    ),
    "official without its folder": (
        OPEN, OPEN, (*OPENSET, "--vocabulary", "official-2025"), ("--vocabulary-dir",),
    ),
    "unknown policy": (GOLD, PRED, (*CLOSED, "--missing", "zero"), ("--missing is 'zero'",)),
    "unknown group column": (GOLD, PRED, (*CLOSED, "--groups", "team"), ("'team'", "'name'")),
    "unknown label set": (GOLD, PRED, (*CLOSED, "--labels", "meld8"), ("meld8",)),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.chdir(tmp_path)
    gold, pred, flags, said = REFUSED[case]
    code, out, err = run(tmp_path, gold, pred, *flags)
    assert code == 2, err
    assert out == ""
    assert err.startswith("error: ")
    assert "Traceback" not in err
    for words in said:
        assert words in err.replace("\n", " ")
    assert not (tmp_path / "unpickled").exists()


COUNTED: dict[str, tuple[str, str, tuple[str, ...], dict[str, int]]] = {
    "extra predictions": (
        GOLD, PRED + "x,joy\ny,sad\n", CLOSED, {"prediction without gold, not used": 2},
    ),
    "the very same row twice": (
        GOLD, PRED + "c,sad\n", CLOSED, {"repeated row in the predictions, used once": 1},
    ),
    "duplicates by choice": (
        GOLD, PRED + "c,joy\n", (*CLOSED, "--duplicates", "last"),
        {"duplicate id in the predictions, last row used": 1},
    ),
    "unknown predicted labels": (
        GOLD, PRED.replace("c,sad", "c,<b>zzz</b>"), CLOSED,
        {"predicted label outside the set": 1},
    ),
    "empty predictions": (
        GOLD, PRED.replace("c,sad", "c,"), CLOSED, {"prediction without a label": 1},
    ),
    "some gold empty": (
        GOLD.replace("c,joy", "c,nan"), PRED, CLOSED, {"no gold label, left out": 1},
    ),
    "rows without a name": (
        GOLD, PRED + ",joy\n", CLOSED, {"row without an id in the predictions, left out": 1},
    ),
    "NaN in the gold": (
        POINTS.replace("c,0.3", "c,nan"), POINTS, DIMENSIONAL,
        {"gold value missing, NaN or infinite, left out": 1},
    ),
    "empty open predictions": (
        OPEN, OPEN.replace('"[angry]"', "[]"), OPENSET, {"prediction without a label": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COUNTED)
def test_counted_and_said(tmp_path: Path, case: str) -> None:
    import json

    gold, pred, flags, skipped = COUNTED[case]
    code, out, err = run(tmp_path, gold, pred, *flags)
    assert code == 0, err
    report = json.loads(out)
    assert {k: v for k, v in report["skipped"].items() if k in skipped} == skipped
    for reason, count in skipped.items():
        assert f"note: {reason}: {count} (" in err, "which rows is said, too"
    values = [v for v in report["metrics"].values() if isinstance(v, float)]
    assert all(0 <= v <= 1 for v in values)


def test_the_row_that_counts_is_the_one_that_was_chosen(tmp_path: Path) -> None:
    import json

    doubled = PRED + "c,joy\n"
    found = {
        way: json.loads(run(tmp_path, GOLD, doubled, *CLOSED, "--duplicates", way)[1])
        for way in ("first", "last")
    }
    assert found["first"]["metrics"]["accuracy"] == pytest.approx(2 / 3)
    assert found["last"]["metrics"]["accuracy"] == 1.0


@pytest.mark.parametrize(("path", "said"), [("", "is a folder"), ("nowhere.csv", "does not exist")])
def test_what_is_no_file(tmp_path: Path, path: str, said: str) -> None:
    gold = tmp_path / "gold.csv"
    gold.write_text(GOLD)
    result = RUNNER.invoke(
        eval_app, ["score", str(tmp_path / path), "--gold", str(gold), "--task", "closed-set"]
    )
    assert result.exit_code == 2
    assert said in result.stderr


def test_pickles_inside_npz_are_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bomb = np.empty((), dtype=object)
    bomb[()] = Bomb()
    np.savez(tmp_path / "p.npz", name2reason=bomb)
    (tmp_path / "g.csv").write_text(OPEN)
    result = RUNNER.invoke(
        eval_app, ["score", str(tmp_path / "p.npz"), "--gold", str(tmp_path / "g.csv"), *OPENSET]
    )
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "unpickled").exists()


def test_a_spreadsheet_is_not_guessed_at(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "p.xlsx", "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    (tmp_path / "g.csv").write_text(GOLD)
    result = RUNNER.invoke(
        eval_app, ["score", str(tmp_path / "p.xlsx"), "--gold", str(tmp_path / "g.csv"), *CLOSED]
    )
    assert result.exit_code == 2
    assert "save it as CSV" in result.stderr


def test_a_report_that_cannot_be_written_is_refused_before_scoring(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(GOLD)
    arguments = [str(tmp_path / "g.csv"), "--gold", str(tmp_path / "g.csv"), *CLOSED]
    result = RUNNER.invoke(
        eval_app, ["score", *arguments, "--html", str(tmp_path / "no" / "r.html")]
    )
    assert result.exit_code == 2
    assert "there is no folder" in result.stderr
    assert result.stdout == ""


def test_help_is_light() -> None:
    code = (
        "import sys\nfrom affect_llm.cli import app\n"
        "app.app(['eval', '--help'], standalone_mode=False)\n"
        "heavy = ('torch', 'transformers', 'scipy', 'pandas', 'sklearn')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "compare" in done.stdout
    assert done.stdout.rstrip().endswith("[]")


@pytest.mark.slow
def test_a_million_rows(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    words = np.array(["joy", "sad", "anger", "fear"])
    for name in ("gold", "pred"):
        drawn = words[rng.integers(4, size=1_000_000)]
        lines = "".join(f"c{n},{word}\n" for n, word in enumerate(drawn))
        (tmp_path / name).write_text("name,label\n" + lines)
    result = RUNNER.invoke(
        eval_app, ["score", str(tmp_path / "pred"), "--gold", str(tmp_path / "gold"), *CLOSED,
                   "--json"],
    )  # fmt: skip
    assert result.exit_code == 0
    assert '"n": 1000000' in result.stdout
