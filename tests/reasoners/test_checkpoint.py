import hashlib
import json
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from asked import prompt, settings_for
from safetensors.torch import load_file, save_file

from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, ConfigError, MissingExtra, WeightsError
from affect_llm.reasoners import model_folder
from affect_llm.reasoners.local import device
from affect_llm.reasoners.local.causal_lm import open_causal_lm


@pytest.fixture
def copy(qwen_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(qwen_folder, tmp_path / "copy"))


def edit_weights(folder: Path, **change: torch.Tensor | None) -> None:
    weights = load_file(folder / "model.safetensors")
    for name, tensor in change.items():
        key = name.replace("__", ".")
        weights.pop(key, None)
        if tensor is not None:
            weights[key] = tensor
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def test_the_passport_names_the_folder_and_the_hash(qwen_folder: Path) -> None:
    digest = hashlib.sha256((qwen_folder / "model.safetensors").read_bytes()).hexdigest()
    [done] = open_causal_lm(settings_for(qwen_folder)).complete([prompt("x")], max_new_tokens=5)
    assert done.model == f"tiny-qwen2@local#{digest[:12]}"


def test_a_local_folder_needs_no_network(
    qwen_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a network call")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    open_causal_lm(settings_for(qwen_folder))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model__norm__weight": None}, "missing keys"),
        ({"model__extra__weight": torch.ones(3)}, "unexpected keys"),
        ({"model__norm__weight": torch.ones(3)}, "cannot be loaded"),
    ],
)
def test_weights_that_do_not_fit_are_refused(
    copy: Path, change: dict[str, Any], words: str
) -> None:
    edit_weights(copy, **change)
    with pytest.raises(WeightsError, match=words):
        open_causal_lm(settings_for(copy))


def test_pickles_are_refused_and_never_read(copy: Path, tmp_path: Path) -> None:
    (copy / "model.safetensors").unlink()
    (copy / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'touch pwned'\ntR.")
    with pytest.raises(WeightsError, match=r"pytorch_model\.bin"):
        open_causal_lm(settings_for(copy))


@pytest.mark.parametrize("content", [b"", b"\x00" * 64])
def test_corrupt_weights_are_a_sentence(copy: Path, content: bytes) -> None:
    (copy / "model.safetensors").write_bytes(content)
    with pytest.raises(WeightsError, match="cannot be loaded"):
        open_causal_lm(settings_for(copy))


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json"])
def test_broken_side_files_are_a_sentence(copy: Path, name: str) -> None:
    (copy / name).write_text("{")
    with pytest.raises(WeightsError, match="cannot be loaded"):
        open_causal_lm(settings_for(copy))


def test_remote_code_does_not_run(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config["model_type"] = "made_up"
    config["auto_map"] = {"AutoConfig": "evil.C", "AutoModelForCausalLM": "evil.M"}
    (copy / "config.json").write_text(json.dumps(config))
    (copy / "evil.py").write_text(f"open({str(copy / 'ran')!r}, 'w')")
    with pytest.raises(WeightsError):
        open_causal_lm(settings_for(copy))
    assert not (copy / "ran").exists()


def test_an_empty_folder_and_an_unreachable_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WeightsError, match="no weights"):
        open_causal_lm(settings_for(tmp_path))
    import huggingface_hub

    def offline(*_: object, **__: object) -> str:
        raise OSError("offline")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    with pytest.raises(WeightsError, match="offline"):
        open_causal_lm(Settings(reasoner="transformers", model="who/what"))


def test_a_model_that_does_not_chat_is_refused(copy: Path) -> None:
    (copy / "chat_template.jinja").unlink()
    with pytest.raises(CapabilityError, match="chat template"):
        open_causal_lm(settings_for(copy))


def test_no_model_is_named() -> None:
    with pytest.raises(ConfigError, match="model"):
        open_causal_lm(Settings(reasoner="transformers"))


def test_a_malformed_calibration_is_refused(copy: Path) -> None:
    (copy / "calibration.json").write_text('{"temperatures":{"*":2.0},"fitted_on":"x"}')
    calibration = open_causal_lm(settings_for(copy)).calibration
    assert calibration is not None
    assert calibration.temperatures == {"*": 2.0}
    (copy / "calibration.json").write_text("{}")
    with pytest.raises(WeightsError, match="calibration"):
        open_causal_lm(settings_for(copy))


def test_devices_and_precisions() -> None:
    assert device.pick_device("cpu") == "cpu"
    assert device.pick_dtype("bfloat16") is torch.bfloat16
    with pytest.raises(ConfigError, match="tpu"):
        device.pick_device("tpu")
    with pytest.raises(ConfigError, match="int3"):
        device.pick_dtype("int3")
    with pytest.raises(ConfigError, match="2bit"):
        device.quantization_config("2bit")


def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert device.pick_device("auto") == "cpu"
    with pytest.raises(CapabilityError, match="cpu"):
        device.pick_device("cuda:0")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device.pick_device("auto") == "cuda"


def test_missing_packages_name_the_extra(
    qwen_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match="quantize"):
        device.quantization_config("4bit")
    monkeypatch.setattr(model_folder, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match="llm"):
        open_causal_lm(settings_for(qwen_folder))


@pytest.mark.skipif(sys.platform != "linux", reason="bitsandbytes is tried on Linux only")
@pytest.mark.parametrize("bits", ["4bit", "8bit"])
def test_quantised_models_answer(qwen_folder: Path, bits: str) -> None:
    pytest.importorskip("bitsandbytes")
    settings = settings_for(qwen_folder).model_copy(update={"quantize": bits})
    [done] = open_causal_lm(settings).complete([prompt("F1 a smile")], max_new_tokens=12)
    assert done.text.startswith('{"label":"')


def test_nothing_longer_than_an_attention_window_is_accepted(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config |= {"use_sliding_window": True, "sliding_window": 200, "max_window_layers": 0}
    config["layer_types"] = ["sliding_attention", "full_attention"]
    (copy / "config.json").write_text(json.dumps(config))
    reasoner = open_causal_lm(settings_for(copy))
    assert reasoner.context_tokens == 200
    with pytest.raises(CapabilityError, match="200"):
        reasoner.complete([prompt("long " * 100)], max_new_tokens=10)
