"""`affect-llm train sft`: what is typed becomes the settings of the run."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from affect_llm.cli.app import app
from affect_llm.cli.train_sft_options import SftOptions
from affect_llm.training.sft.settings import SftSettings
from affect_llm.types import Modality


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The requests for training that were made; nothing is trained."""
    made: list[Any] = []
    monkeypatch.setattr("affect_llm.training.sft.run.train_sft", made.append)
    monkeypatch.setattr("affect_llm.cli.train_sft._finish", lambda *_: None)
    return made


def train(folder: Path, *flags: str) -> Result:
    rows = folder / "rows.jsonl"
    rows.write_text('{"id": "1", "text": "We won!", "label": "joy", "label_set": "ekman7"}\n')
    out = ["--out", str(folder / "mine"), "--data", str(rows)]
    return CliRunner().invoke(app, ["train", "sft", *out, *flags])


def test_every_option_fills_the_setting_of_its_name() -> None:
    names = {field.name for field in fields(SftOptions)}
    assert names - set(SftSettings.model_fields) == {"recipe", "others"}


def test_flags_reach_the_settings(asked: list[Any], tmp_path: Path) -> None:
    result = train(
        tmp_path, "--labels", "joy, anger", "--modalities", "text,audio", "--licence", "CC0",
        "--licence", "MIT", "--test-share", "0.2", "--max-steps", "3", "--seed", "7", "--set",
        "lora.r=4", "--set", "batching=packed", "--control", "shuffled-labels", "--resume",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    (request,) = asked
    settings = request.settings
    assert (settings.name, settings.labels) == ("mine", "joy, anger")
    assert settings.modalities == (Modality.TEXT, Modality.AUDIO)
    assert settings.licences == ("CC0", "MIT")
    assert (settings.test_share, settings.max_steps, settings.seed) == (0.2, 3, 7)
    assert (settings.lora.r, settings.batching) == (4, "packed")
    assert settings.control == "shuffled-labels"
    assert (request.resume, request.restart) == (True, False)


def test_what_is_not_typed_is_as_if_nobody_had_asked(asked: list[Any], tmp_path: Path) -> None:
    assert train(tmp_path).exit_code == 0
    assert asked[0].settings == SftSettings(name="mine")


def test_a_recipe_lies_below_flags_and_set_above_them(asked: list[Any], tmp_path: Path) -> None:
    recipe = tmp_path / "r.yaml"
    recipe.write_text("name: theirs\nepochs: 9\nseed: 9\nsave_steps: 9\n")
    flags = ("--epochs", "5", "--seed", "5", "--set", "seed=1")
    assert train(tmp_path, "--recipe", str(recipe), *flags).exit_code == 0
    settings = asked[0].settings
    assert (settings.save_steps, settings.epochs, settings.seed) == (9, 5, 1)
    assert settings.name == "theirs"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--recipe", "none"), "among the recipes"),
        (("--road", "sideways"), "road"),
        (("--modalities", ""), "modalities"),
        (("--set", "lora"), "--set wants key=value"),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_trained(
    asked: list[Any], tmp_path: Path, flags: tuple[str, ...], said: str
) -> None:
    result = train(tmp_path, *flags)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not asked
