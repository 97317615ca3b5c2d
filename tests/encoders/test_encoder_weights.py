"""Nothing is loaded partly, and nothing is unpickled."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from made_clips import sound_clip, voice_like
from safetensors.torch import load_file, save_file
from tiny_encoders import save_speech

from affect_llm.encoders.registry import open_encoder
from affect_llm.encoders.runner import encode
from affect_llm.errors import UnknownComponent, WeightsError

Folders = Callable[[str], Path]
NAMES = ("hubert", "clip", "siglip", "dinov2", "whisper", "text", "audeering-affect")


def altered(source: Path, target: Path, change: Callable[[dict[str, torch.Tensor]], None]) -> Path:
    shutil.copytree(source, target)
    file = target / "model.safetensors"
    tensors = load_file(file)
    change(tensors)
    save_file(tensors, file, metadata={"format": "pt"})
    return target


def body_key(tensors: dict[str, torch.Tensor]) -> str:
    """A tensor of the encoder itself."""
    return next(k for k in sorted(tensors) if "encoder.layer" in k and k.endswith("weight"))


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_tensor_is_an_error(checkpoints: Folders, tmp_path: Path, name: str) -> None:
    def drop(tensors: dict[str, torch.Tensor]) -> None:
        del tensors[body_key(tensors)]

    folder = altered(checkpoints(name), tmp_path / "x", drop)
    with pytest.raises(WeightsError, match="1 missing keys"):
        open_encoder(name, {"checkpoint": str(folder)})


@pytest.mark.parametrize("name", NAMES)
def test_an_unexpected_tensor_is_an_error(checkpoints: Folders, tmp_path: Path, name: str) -> None:
    def add(tensors: dict[str, torch.Tensor]) -> None:
        tensors["encoder.surprise"] = torch.zeros(2)

    folder = altered(checkpoints(name), tmp_path / "x", add)
    with pytest.raises(WeightsError, match=r"1 unexpected keys, the first '.*surprise'"):
        open_encoder(name, {"checkpoint": str(folder)})


def test_a_tensor_of_another_shape_is_an_error(checkpoints: Folders, tmp_path: Path) -> None:
    def grow(tensors: dict[str, torch.Tensor]) -> None:
        tensors[body_key(tensors)] = torch.zeros(3, 3)

    folder = altered(checkpoints("hubert"), tmp_path / "x", grow)
    with pytest.raises(WeightsError, match=r"cannot be opened|do not fit"):
        open_encoder("hubert", {"checkpoint": str(folder)})


def test_a_head_of_fine_tuning_is_left_out(tmp_path: Path) -> None:
    plain = save_speech(tmp_path / "plain", "hubert")
    headed = save_speech(tmp_path / "headed", "hubert", head=True)
    assert "lm_head.weight" in load_file(headed / "model.safetensors")
    body = {
        k.removeprefix("hubert."): v
        for k, v in load_file(headed / "model.safetensors").items()
        if k.startswith("hubert.")
    }
    save_file(body, plain / "model.safetensors", metadata={"format": "pt"})
    clip = sound_clip(voice_like(0.5))
    one, other = (
        encode(open_encoder("hubert", {"checkpoint": str(f)}), clip).array for f in (plain, headed)
    )
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", ["hubert", "audeering-affect"])
def test_names_of_older_weight_norms_are_understood(
    checkpoints: Folders, tmp_path: Path, name: str
) -> None:
    """Published checkpoints call the two halves of a weight norm weight_g and weight_v."""

    def rename(tensors: dict[str, torch.Tensor]) -> None:
        for new, old in (("original0", "weight_g"), ("original1", "weight_v")):
            key = next(k for k in tensors if k.endswith(new))
            tensors[key.replace(f"parametrizations.weight.{new}", old)] = tensors.pop(key)

    old = altered(checkpoints(name), tmp_path / "old", rename)
    assert any(k.endswith("weight_g") for k in load_file(old / "model.safetensors"))
    clip = sound_clip(voice_like(0.5))
    one, other = (
        encode(open_encoder(name, {"checkpoint": str(f)}), clip).array
        for f in (old, checkpoints(name))
    )
    np.testing.assert_array_equal(one, other)


def test_pickles_are_refused(checkpoints: Folders, tmp_path: Path) -> None:
    folder = tmp_path / "pickled"
    shutil.copytree(checkpoints("hubert"), folder)
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    torch.save(tensors, folder / "pytorch_model.bin")
    with pytest.raises(WeightsError, match=r"only pickled weights \(pytorch_model.bin\)"):
        open_encoder("hubert", {"checkpoint": str(folder)})


def test_broken_and_foreign_checkpoints_are_sentences(checkpoints: Folders, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="is a 'wav2vec2', and this encoder opens hubert"):
        open_encoder("hubert", {"checkpoint": str(checkpoints("wav2vec2"))})
    cut = tmp_path / "cut"
    shutil.copytree(checkpoints("clip"), cut)
    whole = (cut / "model.safetensors").read_bytes()
    (cut / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError, match="cannot be opened"):
        open_encoder("clip", {"checkpoint": str(cut)})
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsError, match="cannot be opened"):
        open_encoder("clip", {"checkpoint": str(tmp_path / "empty")})
    with pytest.raises(WeightsError, match="none comes with the package: give checkpoint=FOLDER"):
        open_encoder("hubert")
    with pytest.raises(WeightsError, match="no folder, no name in the store and no hub id"):
        open_encoder("hubert", {"checkpoint": "./nowhere"})
    with pytest.raises(UnknownComponent, match="Did you mean 'hubert'"):
        open_encoder("huberd")


@pytest.mark.parametrize(
    ("name", "weights"),
    [("text", "minilm"), ("clip", "clip-vit-large-patch14"), ("open-clip", "clip-vit-b-32")],
)
def test_a_checkpoint_that_is_not_there_says_how_to_get_it(
    name: str, weights: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFFECT_LLM_STORE", str(tmp_path))
    with pytest.raises(WeightsError, match=f"affect-llm models pull {weights}"):
        open_encoder(name)


def test_a_processor_for_another_rate_is_refused(checkpoints: Folders, tmp_path: Path) -> None:
    folder = tmp_path / "slow"
    shutil.copytree(checkpoints("wavlm"), folder)
    file = folder / "preprocessor_config.json"
    file.write_text(file.read_text().replace("16000", "8000"))
    with pytest.raises(WeightsError, match="at 8000 Hz"):
        open_encoder("wavlm", {"checkpoint": str(folder)})


def test_open_clip_files_are_whole_or_refused(
    open_clip_file: tuple[Path, str], tmp_path: Path
) -> None:
    file, architecture = open_clip_file
    tensors = load_file(file)
    tensors.pop(next(iter(tensors)))
    save_file(tensors, tmp_path / "half.safetensors")
    options = {"architecture": architecture}
    with pytest.raises(WeightsError, match="is not an open_clip"):
        open_encoder("open-clip", {**options, "checkpoint": str(tmp_path / "half.safetensors")})
    with pytest.raises(WeightsError, match="is not an open_clip"):
        open_encoder("open-clip", {**options, "checkpoint": str(tmp_path / "none.safetensors")})
