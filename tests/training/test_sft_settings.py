"""Recipes, rows, splits and the refusals that come before any training."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from sft_kit import feature_rows, planted_rows, read, request, save_checkpoint, write_rows

from affect_llm.cli.train_sft_options import nested
from affect_llm.errors import AffectError, ConfigError, DataError
from affect_llm.training.sft.recipes import load_sft_settings, recipe_names
from affect_llm.training.sft.rows import Row, read_rows
from affect_llm.training.sft.run import train_sft
from affect_llm.training.sft.splits import split_rows


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_checkpoint(tmp_path_factory.mktemp("recipes") / "tiny", "llama")


def test_the_published_set_ups_ship_with_their_numbers() -> None:
    assert recipe_names() == ("affectgpt", "laptop", "textualised-llama", "voice-projected")
    affectgpt = load_sft_settings("affectgpt", {})
    assert (affectgpt.lora.r, affectgpt.lora.alpha, len(affectgpt.lora.targets)) == (16, 32, 7)
    assert affectgpt.tasks == {"label": 1.0, "describe": 1.0}
    textual = load_sft_settings("textualised-llama", {})
    assert (textual.lora.r, textual.lora.alpha, textual.lora.rslora) == (8, 8, True)
    assert (textual.quantize, textual.optimizer, textual.clip) == ("4bit", "sgd", 0.3)


@pytest.mark.parametrize("name", ["affectgpt", "textualised-llama", "laptop", "voice-projected"])
def test_every_recipe_runs_at_toy_size(
    base: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.set_num_threads(1)
    monkeypatch.setenv("AFFECT_LLM_FEATURES", str(tmp_path / "features"))
    plain = load_sft_settings(name, {})
    flags: dict[str, Any] = {
        "base": str(base), "device": "cpu", "max_steps": 2, "labels": "joy, anger",
        "modalities": ["text"], "save_steps": 1,
    }  # fmt: skip
    if plain.tracks:  # encoders without a download, on tracks of the same number and size
        flags["tracks"] = [
            {"name": track.name, "encoder": "fake-text", "tokens": track.tokens}
            for track in plain.tracks
        ]
    settings = load_sft_settings(name, flags)
    rows = [row | {"explanation": "The words sound glad."} for row in feature_rows(18)]
    report = train_sft(request(settings, read(tmp_path, rows), tmp_path / "out"))
    assert [stage.steps for stage in report.stages] == [2] * len(settings.plan)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("epoch: 3", "no training setting 'epoch'. Did you mean 'epochs'"),
        ("lora: {rank: 3}", "no training setting 'lora.rank'"),
        ("lora: {aplha: 3}", "Did you mean 'alpha'"),
        ("tracks: [{name: v, encoder: w, token: 3}]", "Did you mean 'tokens'"),
        ("projector: {hiden: 3}", "'projector.hiden'. Did you mean 'hidden'"),
        ("projector: {kind: mpl}", "one of attention, linear, mlp, prefusion, qformer"),
        ("projector: {kind: qformer, hidden: 30}", "not a multiple of heads 4"),
        ("epochs: -1", "'epochs' is -1"),
        ("road: projected", "needs tracks"),
        ("tasks: {label: 0}", "at least one above 0"),
        ("- 1", "must be a mapping"),
        ("a: [", "is not YAML"),
    ],
)
def test_a_recipe_that_is_wrong_says_where(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "r.yaml").write_text(text)
    with pytest.raises(ConfigError) as error:
        load_sft_settings(str(tmp_path / "r.yaml"), {})
    assert said in str(error.value)


def test_recipes_are_found_by_name_and_flags_win() -> None:
    with pytest.raises(ConfigError, match="Did you mean 'laptop'"):
        load_sft_settings("labtop", {})
    with pytest.raises(ConfigError, match="cannot be read"):
        load_sft_settings("nowhere.yaml", {})
    settings = load_sft_settings("laptop", {"epochs": 9}, nested(["lora.r=4", "batching=packed"]))
    assert (settings.epochs, settings.lora.r, settings.lora.alpha) == (9, 4, 32)
    assert settings.batching == "packed"
    with pytest.raises(ConfigError, match="key=value"):
        nested(["lora.r"])


def test_bad_rows_are_counted_and_named(tmp_path: Path) -> None:
    good = planted_rows(4)
    lines = [*map(json.dumps, good), "{", json.dumps({"id": "x", "label": "joy"}),
             json.dumps({"id": "y", "text": "a", "label": "glee", "label_set": "ekman7"}),
             json.dumps({"id": "z", "text": "a", "label": "joy", "colour": 1}),
             json.dumps({"id": "p", "path": "no.wav", "label": "joy"})]  # fmt: skip
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(lines))
    rows = read_rows(file, "joy, anger")
    assert len(rows.rows) == 4
    assert rows.complaint.startswith("5 rows were left out: line 5: it is not JSON")
    assert "neither path nor text" in rows.complaint
    assert any("glee" in reason for reason in rows.refused)
    assert any("'colour'" in reason for reason in rows.refused)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"id": "a", "text": "x", "label": "joy"}] * 2, "more than once, the first 'a'"),
        ([{"id": "a", "text": "x"}], "no row to train on"),
        ([], "no row to train on"),
    ],
)
def test_rows_that_cannot_be_used_are_refused(
    tmp_path: Path, rows: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(AffectError) as error:
        read_rows(write_rows(tmp_path / "r.jsonl", rows), "ekman7")
    assert said in str(error.value)


def made(count: int, size: int, split: str | None = None) -> list[Row]:
    return [
        Row(id=f"{split}{n}", text="a", label="joy", group=f"{split}g{n // size}", split=split)  # type: ignore[arg-type]
        for n in range(count)
    ]


def test_whole_groups_are_set_apart_and_the_seed_decides_which() -> None:
    rows = made(120, 6)
    parts = split_rows(rows, validation_share=0.2, test_share=0.25, seed=0)
    groups = {part: {row.group for row in found} for part, found in parts.items()}
    assert not groups["train"] & groups["validation"]
    assert not (groups["train"] | groups["validation"]) & groups["test"]
    assert len(parts["test"]) == 30
    assert len(parts["validation"]) == 18
    again = split_rows(rows, validation_share=0.2, test_share=0.25, seed=0)
    other = split_rows(rows, validation_share=0.2, test_share=0.25, seed=1)
    assert again == parts != other


def test_a_given_split_is_kept_and_a_group_on_two_sides_refused() -> None:
    rows = [*made(12, 3, "train"), *made(6, 3, "test")]
    parts = split_rows(rows, validation_share=0.25, test_share=0.5, seed=0)
    assert len(parts["test"]) == 6
    assert len(parts["validation"]) == 3
    torn = [*rows, rows[0].model_copy(update={"id": "torn", "split": "test"})]
    with pytest.raises(DataError, match="1 groups are on two sides"):
        split_rows(torn, validation_share=0, test_share=0, seed=0)
    with pytest.raises(DataError, match="No rows are left"):
        split_rows(made(3, 1, "test"), validation_share=0, test_share=0, seed=0)
