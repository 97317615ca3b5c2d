"""What is there to learn is learned, and what is not is not: words, features, shuffled labels."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from sft_kit import TRACK, feature_rows, planted_rows, read, request, tiny_settings

from affect_llm.report.training_pages import pages
from affect_llm.training.sft.run import train_sft
from affect_llm.training.sft.sft_report import SftReport

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
Rows = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AFFECT_LLM_FEATURES", str(tmp_path / "features"))
    torch.set_num_threads(1)


def trained(folder: Path, make: Callable[[int], Rows], **changes: Any) -> SftReport:
    """A run on the embedded model, a quarter of its groups as test."""
    chosen: dict[str, Any] = {
        "max_steps": 24, "batch_tokens": 1600, "save_steps": 100, "test_share": 0.3,
        "projector_learning_rate": 3e-3, "learning_rate": 2e-3, "select_rows": 40,
    }  # fmt: skip
    settings = tiny_settings("embedded", **(chosen | changes))
    asked = request(settings, read(folder, make(220)), folder / "out")
    return train_sft(replace(asked, pages=pages))


def scores(report: SftReport) -> dict[str, float]:
    return {s.name: s.scores[0].value or 0.0 for s in report.systems}


def test_a_planted_word_is_learned_and_the_report_says_so(tmp_path: Path) -> None:
    report = trained(tmp_path, planted_rows)
    assert scores(report)["adapter"] > 0.95
    gain = {g.over: g for g in report.gains}
    assert gain["base"].interval[0] > 0.1
    assert gain["majority"].interval[0] > 0.1
    assert report.measured_on == "test"
    out = tmp_path / "out"
    assert "adapter gains" in (out / "report.md").read_text()
    assert "<polyline" in (out / "report.html").read_text()
    assert "http" not in (out / "report.html").read_text().replace("http-equiv", "")
    assert str(tmp_path) not in "".join(f.read_text() for f in out.glob("*.[jmh]*[nl]"))


def test_shuffled_labels_teach_nothing(tmp_path: Path) -> None:
    """The control: the same run with the labels dealt out at random."""
    report = trained(tmp_path, planted_rows, control="shuffled-labels")
    assert scores(report)["adapter"] < 0.75
    assert {g.over: g for g in report.gains}["majority"].interval[0] < 0.35
    assert "control" in (tmp_path / "out" / "README.md").read_text()


def test_features_alone_decide_and_those_of_other_clips_are_chance(tmp_path: Path) -> None:
    report = trained(tmp_path, feature_rows, road="projected", tracks=[TRACK], max_steps=30)
    found = scores(report)
    assert found["adapter"] > 0.85
    assert found["adapter, features of other clips"] < 0.7
    assert found["adapter, without features"] < 0.7
    gain = {g.over: g for g in report.gains}
    assert gain["adapter, features of other clips"].interval[0] > 0.1


def test_words_alone_do_not_tell_what_only_features_know(tmp_path: Path) -> None:
    """The control of the test above: the same rows on the text road."""
    report = trained(tmp_path, feature_rows)
    assert scores(report)["adapter"] < 0.75
