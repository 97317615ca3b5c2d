"""One package of somebody else's, installed by pip: its five parts are used like our own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]
sys.path.append(str(TESTS / "reasoners"))
PARTS = ("plugin/toys.py", "cues/gestures.py", "training/selective_scan.py")
PYPROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "toy-parts"
version = "1.0"

[project.entry-points]
"affect_llm.cue_families" = {gestures = "gestures:GESTURES"}
"affect_llm.reasoners" = {toy = "toys:TOY"}
"affect_llm.fusions" = {selective-scan = "selective_scan:SelectiveScan"}
"affect_llm.encoders" = {letters = "toys:LetterShares"}
"affect_llm.datasets" = {diary = "toys:read_diary"}

[tool.setuptools]
py-modules = ["toys", "gestures", "selective_scan"]
"""
RECIPE = """
base: {base}
device: cpu
labels: joy, anger
modalities: [text]
road: projected
tracks: [{{name: words, encoder: letters, tokens: 2}}]
projector: {{kind: selective-scan, state: 5}}
max_steps: 2
evaluations: 1
"""
TEXT = ("--text", "Leave me alone!", "--modalities", "text,visual")
TOY = ("--reasoner", "toy", "--model", "big")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that pip installed the package into."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    for part in PARTS:
        copy(TESTS / part, source)
    (source / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    built = [*pip, "--no-build-isolation", "--target", str(target), str(source)]
    subprocess.run(built, check=True, capture_output=True)
    return target


def run(site: Path, *words: object) -> str:
    """Run `affect-llm` beside the installed package; its stdout."""
    path = os.pathsep.join([str(TESTS.parent), str(site)])
    features = str(site.parent / "features")
    done = subprocess.run(
        [sys.executable, "-c", "from affect_llm.cli import main; main()", *map(str, words)],
        env={**os.environ, "PYTHONPATH": path, "AFFECT_LLM_FEATURES": features},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_analyze_and_its_report_show_the_new_cues(site: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result: dict[str, Any] = json.loads(
        run(site, "analyze", *TEXT, *TOY, "--json", "--report", page)
    )
    assert [cue["id"] for cue in result["sheet"]["cues"]] == ["T1", "G1", "G2", "G3", "G4"]
    assert result["provenance"]["model"] == "toy:big"
    assert "toy@1#none" in result["provenance"]["extractors"]
    assert "hand movement" in page.read_text(encoding="utf-8")


def test_ask_answers_about_the_new_cues(site: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("Leave me alone!", encoding="utf-8")
    question = "what about the hand movement?"
    reply = json.loads(run(site, "ask", words, question, *TOY, "--json"))
    assert reply["question"] == question
    assert reply["unparsed"] is None


def test_train_sft_reads_the_corpus_and_an_adapter_of_the_fusion_answers(
    site: Path, tmp_path: Path
) -> None:
    lines = [
        f"{text},{emotion},{day}"
        for day in range(12)
        for text, emotion in (("zzz zoo", "joy"), ("qqq quay", "anger"))
    ]
    (tmp_path / "diary.csv").write_text("\n".join(["text,emotion,day", *lines]), encoding="utf-8")
    from tiny_llm import save_checkpoint

    base, recipe, out = tmp_path / "base", tmp_path / "recipe.yaml", tmp_path / "mine"
    save_checkpoint(base, "llama")
    recipe.write_text(RECIPE.format(base=base), encoding="utf-8")
    run(site, "train", "sft", "--recipe", recipe, "--dataset", "diary", "--data", tmp_path,
        "--out", out)  # fmt: skip
    stored = json.loads((out / "fusion" / "fusion.json").read_text(encoding="utf-8"))["fusion"]
    assert (stored["kind"], stored["state"]) == ("selective-scan", 5)
    labels = ("--labels", "joy, anger", "--modalities", "text")
    model = ("--reasoner", "transformers", "--model", base, "--adapter", out, "--device", "cpu")
    answer = json.loads(run(site, "analyze", "--text", "zzz zoo", *labels, *model, "--json"))
    assert answer["provenance"]["settings"]["road"] == "projected"
    assert any(one.startswith("letters@1") for one in answer["provenance"]["extractors"])
    assert set(answer["distribution"]) == {"joy", "anger"}
