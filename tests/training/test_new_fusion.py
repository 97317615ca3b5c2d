"""A fusion from another package is trained, saved, loaded and asked by its entry point alone."""

import json
from pathlib import Path

import pytest
import torch
import yaml
from sft_kit import TRACK, feature_rows, save_checkpoint, write_rows
from typer.testing import CliRunner

from affect_llm.cli.app import app
from affect_llm.fusion.checkpoint import load_fusion
from affect_llm.fusion.registry import PROJECTORS


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A package whose only content is the entry point; the class lies beside this test."""
    torch.set_num_threads(1)
    monkeypatch.setenv("AFFECT_LLM_FEATURES", str(tmp_path / "features"))
    info = tmp_path / "site" / "scan-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: scan\nVersion: 1.0\n")
    entry = "[affect_llm.fusions]\nselective-scan = selective_scan:SelectiveScan\n"
    (info / "entry_points.txt").write_text(entry)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_selective_scan_is_trained_saved_loaded_and_answers(tmp_path: Path) -> None:
    assert "selective-scan" in PROJECTORS.names()
    base, out = save_checkpoint(tmp_path / "tiny", "llama"), tmp_path / "mine"
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(yaml.safe_dump({
        "base": str(base), "device": "cpu", "labels": "joy, anger", "modalities": ["text"],
        "road": "projected", "tracks": [TRACK], "max_steps": 3, "evaluations": 1,
        "projector": {"kind": "selective-scan"},
    }))  # fmt: skip
    rows = write_rows(tmp_path / "rows.jsonl", feature_rows(24))
    run("train", "sft", "--recipe", recipe, "--data", rows, "--out", out,
        "--set", "projector.state=5")  # fmt: skip
    stored = json.loads((out / "fusion" / "fusion.json").read_text())["fusion"]
    assert (stored["kind"], stored["state"]) == ("selective-scan", 5)
    assert "hidden" not in stored
    weight = load_fusion(out / "fusion").state_dict()["projectors.words.enter.weight"]
    assert weight.shape[0] == 5
    answer = run("analyze", "--text", "the house we walked", "--labels", "joy, anger",
                 "--modalities", "text", "--reasoner", "transformers", "--model", base,
                 "--adapter", out, "--device", "cpu", "--json")  # fmt: skip
    result = json.loads(answer)
    assert result["provenance"]["settings"]["road"] == "projected"
    assert set(result["distribution"]) == {"joy", "anger"}


def test_its_options_are_checked_by_its_own_class(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", feature_rows(6))
    words = ["train", "sft", "--data", str(rows), "--out", str(tmp_path / "out")]
    kind = ["--set", "projector.kind=selective-scan"]
    for given, said in (
        ("state=0", "'projector.state' is 0"),
        ("hidden=3", "Known: kind, absent, state"),
    ):
        result = CliRunner().invoke(app, [*words, *kind, "--set", f"projector.{given}"])
        assert result.exit_code == 2
        assert said in result.stderr
