"""A reasoner of somebody else's package: installed, it is used like our own."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from affect_llm.cli.app import app

MODULE = """
from affect_llm.reasoners.fake import FakeReasoner
from affect_llm.reasoners.spec import ReasonerSpec

TOY = ReasonerSpec(name="toy", summary="a toy", opener="toy_reasoner:open_toy", model="required")
OTHER = "toy_reasoner:open_toy"


class Toy(FakeReasoner):
    name = "toy"

    def __init__(self, model):
        self.model = model

    def complete(self, prompts, *, max_new_tokens):
        said = super().complete(prompts, max_new_tokens=max_new_tokens)
        return [one.model_copy(update={"model": f"toy:{self.model}"}) for one in said]


def open_toy(settings):
    return Toy(TOY.model_of(settings))
"""
ENTRY_POINTS = "[affect_llm.reasoners]\ntoy = toy_reasoner:TOY\nolder = toy_reasoner:OTHER\n"
OFF = ("--face", "off", "--voice", "off", "--speech", "off", "--scene", "off")
WORDS = "We made it!"


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package as pip would leave it: a module and its metadata on the path."""
    site = tmp_path / "site"
    metadata = site / "toy_reasoner-1.0.dist-info"
    metadata.mkdir(parents=True)
    (site / "toy_reasoner.py").write_text(MODULE)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-reasoner\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(site)


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words.txt"
    file.write_text(WORDS)
    return file


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, args), *OFF])


def test_it_explains(words: Path) -> None:
    result = run("analyze", words, "--reasoner", "toy", "--model", "big", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["provenance"]["model"] == "toy:big"


def test_it_is_asked(words: Path) -> None:
    result = run("ask", words, "why?", "--reasoner", "toy", "--model", "big", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["question"] == "why?"


def test_it_is_compared(words: Path) -> None:
    result = run("compare", words, "fake", "toy:big", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["names"] == ["fake", "toy:big"]


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (("--model", "m", "--server", "http://x/v1"), "The toy reasoner takes no --server; give"),
        (("--model", "m", "--adapter", "."), "The reasoner 'toy' takes no adapter. Use --reasoner"),
        ((), "The reasoner 'toy' needs a checkpoint: set model to a folder or a hub id."),
    ],
)
def test_what_it_does_not_take_is_a_sentence(
    flags: tuple[str, ...], sentence: str, words: Path
) -> None:
    result = run("analyze", words, "--reasoner", "toy", *flags)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_is_no_specification_is_a_sentence(words: Path) -> None:
    result = run("analyze", words, "--reasoner", "older")
    assert result.exit_code == 2
    assert "points at no ReasonerSpec" in result.stderr
