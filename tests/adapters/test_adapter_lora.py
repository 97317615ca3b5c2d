"""A LoRA goes on whole, does what peft says it does, and can be taken off again."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_adapter import lora_model, save_lora
from transformers import AutoModelForCausalLM

from affect_llm.adapters.lora import attach_lora, logits_without, probe_logits
from affect_llm.errors import WeightsError


def fresh(base: Path) -> Any:
    return AutoModelForCausalLM.from_pretrained(base).eval()


@pytest.fixture
def folder(saved_lora: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved_lora, tmp_path / "lora"))


@pytest.mark.parametrize(
    "changes", [{}, {"use_rslora": True}, {"use_dora": True}, {"rank_pattern": {"q_proj": 2}}]
)
def test_logits_are_those_of_peft_itself(
    base: Path, tmp_path: Path, changes: dict[str, Any]
) -> None:
    save_lora(tmp_path, base, 3, 0.3, **changes)
    model = attach_lora(fresh(base), tmp_path, "own")
    wanted = probe_logits(lora_model(base, 3, 0.3, **changes))
    torch.testing.assert_close(probe_logits(model), wanted, atol=1e-5, rtol=0)
    assert torch.equal(logits_without(model), probe_logits(fresh(base)))


def test_a_second_one_beside_the_first(base: Path, folder: Path, tmp_path: Path) -> None:
    save_lora(tmp_path / "second", base, 5, 0.2)
    model = attach_lora(fresh(base), folder, "first")
    with_first = probe_logits(model)
    attach_lora(model, tmp_path / "second", "second")
    assert not torch.equal(probe_logits(model), with_first)
    model.set_adapter("first")
    assert torch.equal(probe_logits(model), with_first)


def test_the_same_weights_again_beside_themselves_still_change_something(
    base: Path, folder: Path
) -> None:
    model = attach_lora(fresh(base), folder, "first")
    attach_lora(model, folder, "again")


def edit(folder: Path, **tensors: torch.Tensor | None) -> None:
    file = folder / "adapter_model.safetensors"
    found = load_file(file)
    for name, tensor in tensors.items():
        key = next(key for key in sorted(found) if name in key)
        found.pop(key)
        if tensor is not None:
            found[key if name != "lora_A" else f"{key}.more"] = tensor
    save_file(found, file)


@pytest.mark.parametrize(
    ("tensors", "words"),
    [
        ({"lora_B": None}, "1 keys are missing"),
        ({"lora_A": torch.ones(4, 64)}, "missing"),
        ({"lora_B": torch.ones(5, 4)}, "of another shape"),
    ],
)
def test_tensors_that_do_not_fit_are_refused_and_nothing_stays_on(
    base: Path, folder: Path, tensors: dict[str, Any], words: str
) -> None:
    edit(folder, **tensors)
    model = fresh(base)
    plain = probe_logits(model)
    with pytest.raises(WeightsError, match=words):
        attach_lora(model, folder, "own")
    assert torch.equal(probe_logits(model), plain)
    assert not [name for name, _ in model.named_parameters() if "lora" in name]


def test_a_further_tensor_is_refused(base: Path, folder: Path) -> None:
    file = folder / "adapter_model.safetensors"
    save_file(load_file(file) | {"base_model.model.odd.lora_A.weight": torch.ones(2)}, file)
    with pytest.raises(WeightsError, match=r"unexpected, the first .base_model\.model\.odd"):
        attach_lora(fresh(base), folder, "own")


def test_an_untrained_one_is_refused(base: Path, tmp_path: Path) -> None:
    save_lora(tmp_path, base, 0, 0.0)
    with pytest.raises(WeightsError, match="changes nothing"):
        attach_lora(fresh(base), tmp_path, "own")


def test_one_that_breaks_the_model_is_refused(base: Path, tmp_path: Path) -> None:
    save_lora(tmp_path, base, 0, float("inf"))
    with pytest.raises(WeightsError, match="are no numbers"):
        attach_lora(fresh(base), tmp_path, "own")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"r": 2}, "of another shape"),
        ({"target_modules": ["nowhere"]}, "does not go on this model"),
        ({"peft_type": "PREFIX_TUNING"}, "is for 'PREFIX_TUNING'"),
        ({"peft_type": None}, "only a LoRA"),
        ({"bias": "all"}, "sets bias to 'all'"),
        ({"init_lora_weights": "pissa"}, "init_lora_weights"),
        ({"from_the_future": 1}, "has 'from_the_future'"),
        ({"r": -1}, "no LoRA config|does not go"),
    ],
)
def test_a_config_that_asks_for_more_than_a_lora_is_refused(
    base: Path, folder: Path, change: dict[str, Any], words: str
) -> None:
    path = folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(WeightsError, match=words):
        attach_lora(fresh(base), folder, "own")


@pytest.mark.parametrize("content", ["", "[]", "{", "3"])
def test_what_is_no_config_is_a_sentence(base: Path, folder: Path, content: str) -> None:
    (folder / "adapter_config.json").write_text(content)
    with pytest.raises(WeightsError, match="is no LoRA config"):
        attach_lora(fresh(base), folder, "own")


def test_what_is_no_safetensors_file_is_a_sentence(base: Path, folder: Path) -> None:
    (folder / "adapter_model.safetensors").write_bytes(b"cos\nsystem\n")
    with pytest.raises(WeightsError, match="not a safetensors file"):
        attach_lora(fresh(base), folder, "own")
