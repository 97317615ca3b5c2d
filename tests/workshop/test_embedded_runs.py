"""Whole runs of pre-training: stops that lose nothing, and refusals."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from embedded_kit import material, planted_texts
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer

from affect_llm.errors import ConfigError
from affect_llm.training.loop.checkpoints import LEARNED_FILE
from affect_llm.training.loop.workplace import workplace
from workshop.embedded import make, model
from workshop.embedded.make import make_embedded
from workshop.embedded.material import Material
from workshop.embedded.pretrainer import PretrainingTrainer
from workshop.embedded.settings import PretrainingSettings
from workshop.embedded.tokenizer import train_tokenizer

TEXTS = planted_texts(60)
SETTINGS = PretrainingSettings(
    text_tokens=4000, clip_tokens=6000, clips=10, texts=20, step_tokens=600, save_steps=3
)


class Teacher:
    """Vectors that differ from text to text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def encode(self, texts: Sequence[str]) -> Tensor:
        drawn = [torch.Generator().manual_seed(sum(text.encode())) for text in texts]
        return torch.stack([torch.randn(64, generator=g) for g in drawn])


class Stopped(BaseException):
    """As if the process were killed."""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = train_tokenizer([text.text for text in TEXTS])
    monkeypatch.setattr(make, "train_tokenizer", lambda texts: tokenizer)
    monkeypatch.setattr(make, "SentenceTeacher", Teacher)
    for name, value in {"WIDTH": 64, "LAYERS": 2, "HEADS": 2, "INNER": 128}.items():
        monkeypatch.setattr(model, name, value)
    torch.set_num_threads(1)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Tensor]]:
    """What each run had learned when its temperatures were to be fitted, in full precision."""
    learned = {}

    def fit_temperatures(out: Path, held_out: Material) -> None:
        learned[out.name] = load_file(workplace(out) / "stage-2" / LEARNED_FILE)

    monkeypatch.setattr(make, "fit_temperatures", fit_temperatures)
    return learned


def run(out: Path, settings: PretrainingSettings = SETTINGS, **how: Any) -> None:
    make_embedded(material(TEXTS), out, Path("toy-teacher"), settings, **how)


def stop_at(monkeypatch: pytest.MonkeyPatch, number: int) -> list[int]:
    """Let a step fail once; the list grows by one with every step that is begun."""
    step = PretrainingTrainer.training_step
    begun: list[int] = []

    def stop(self: PretrainingTrainer, *args: Any, **kwargs: Any) -> Any:
        begun.append(self.state.global_step)
        if len(begun) == number:
            raise Stopped
        return step(self, *args, **kwargs)

    monkeypatch.setattr(PretrainingTrainer, "training_step", stop)
    return begun


def test_a_stopped_run_goes_on_to_the_very_weights_of_an_unbroken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: dict[str, dict[str, Tensor]]
) -> None:
    with monkeypatch.context() as patch:
        whole = stop_at(patch, 0)
        run(tmp_path / "whole")
    first = whole.index(0, 1)
    assert first > 5
    assert len(whole) - first > 5  # both stages, each beyond the checkpoint of step 3
    for name, number in (("texts", 5), ("clips", first + 8)):
        with monkeypatch.context() as patch:
            begun = stop_at(patch, number)
            with pytest.raises(Stopped):
                run(tmp_path / name)
            assert not (tmp_path / name).exists()
            run(tmp_path / name, resume=True)
        last = (begun[number - 1] // 3) * 3
        assert begun[number] == last > 0  # steps after the checkpoint again, and no more
        assert len(begun) == len(whole) + begun[number - 1] - last + 1
        assert found[name].keys() == found["whole"].keys()
        assert all(torch.equal(found[name][key], found["whole"][key]) for key in found[name])
        assert not workplace(tmp_path / name).exists()


def test_what_a_run_leaves_loads_in_transformers_and_holds_what_was_learned(
    tmp_path: Path, found: dict[str, dict[str, Tensor]]
) -> None:
    run(tmp_path / "out")
    loaded = AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    assert len(AutoTokenizer.from_pretrained(tmp_path / "out")) == loaded.config.vocab_size
    for name, tensor in loaded.named_parameters():
        assert torch.equal(tensor, found["out"][f"llm.{name}"].bfloat16())


def test_a_run_that_died_over_its_temperatures_trains_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: dict[str, dict[str, Tensor]]
) -> None:
    def fail(out: Path, held_out: Material) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(make, "fit_temperatures", fail)
        with pytest.raises(Stopped):
            run(tmp_path / "out")
    begun = stop_at(monkeypatch, 0)
    run(tmp_path / "out", resume=True)
    assert begun == []
    assert "out" in found


def test_a_stopped_run_is_not_mistaken_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: dict[str, dict[str, Tensor]]
) -> None:
    out = tmp_path / "out"
    begun = stop_at(monkeypatch, 5)
    with pytest.raises(Stopped):
        run(out)
    with pytest.raises(ConfigError, match="--resume"):
        run(out)
    with pytest.raises(ConfigError, match="another kept"):
        run(out, SETTINGS.model_copy(update={"kept": 1.0}), resume=True)
    with pytest.raises(ConfigError, match="another teacher"):
        make_embedded(material(TEXTS), out, None, SETTINGS, resume=True)
    with pytest.raises(ConfigError, match="other data"):
        make_embedded(material(TEXTS[1:]), out, Path("toy-teacher"), SETTINGS, resume=True)
    assert len(begun) == 5
    run(out, SETTINGS.model_copy(update={"save_steps": 50}), restart=True)
    assert begun[5] == 0


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("dear")
    with pytest.raises(ConfigError, match="no model"):
        run(tmp_path / "out")
