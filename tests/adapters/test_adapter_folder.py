"""An adapter's folder is the one that was written, or is refused with a sentence."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tiny_adapter import base_ref, make_adapter

from affect_llm.adapters.folder import open_adapter, save_adapter
from affect_llm.adapters.manifest import AdapterDescription, require_base, require_prompt
from affect_llm.errors import ConfigError, WeightsError


@pytest.fixture
def folder(saved_adapter: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved_adapter, tmp_path / "adapter"))


def test_it_opens_as_it_was_saved(base: Path, folder: Path) -> None:
    adapter = open_adapter(folder)
    assert adapter.manifest.base == base_ref(base)
    assert adapter.manifest.provenance.startswith("both@1#")
    assert adapter.calibration is None
    assert adapter.fusion_folder == folder / "fusion"
    assert set(adapter.manifest.configs) == {"adapter_config.json", "fusion/fusion.json"}


@pytest.mark.parametrize(
    "name",
    [
        "adapter_model.safetensors",
        "adapter_config.json",
        "fusion/fusion.safetensors",
        "fusion/fusion.json",
    ],
)
def test_every_file_that_counts_is_held_against_the_manifest(folder: Path, name: str) -> None:
    raw = (folder / name).read_bytes()
    (folder / name).write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    with pytest.raises(WeightsError, match="sha256 differ"):
        open_adapter(folder)
    (folder / name).unlink()
    with pytest.raises(WeightsError, match=f"lacks {Path(name).name}"):
        open_adapter(folder)


def test_a_pickle_in_place_of_safetensors_is_named_and_never_read(folder: Path) -> None:
    (folder / "adapter_model.safetensors").unlink()
    (folder / "adapter_model.bin").write_bytes(b"cos\nsystem\n(S'touch pwned'\ntR.")
    with pytest.raises(WeightsError, match=r"adapter_model\.bin, a pickle, which is never loaded"):
        open_adapter(folder)


def test_a_file_that_nobody_wrote_down_is_refused(base: Path, folder: Path, tmp_path: Path) -> None:
    text = make_adapter(tmp_path / "text", base)
    (text / "fusion").mkdir()
    shutil.copy(folder / "fusion" / "fusion.safetensors", text / "fusion")
    with pytest.raises(WeightsError, match="not in the manifest"):
        open_adapter(text)


def test_what_is_no_adapter_says_what_to_give(base: Path, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "gone", base):
        with pytest.raises(WeightsError, match=r"no adapter in .* 'affect-llm train sft' wrote"):
            open_adapter(place)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"road": "text"}, "does not go with fusion"),
        ({"tracks": []}, "names the encoders"),
        ({"lora": None, "fusion": None}, "a LoRA, a projector or both"),
        ({"schema_version": "affect-llm/adapter@2"}, "schema_version"),
        ({"extra": 1}, "extra"),
        ({"lora": "../../etc"}, "lora"),
        ({"prompt": "../../secrets@1#0123456789ab"}, "prompt"),
        ({"name": "\x1b[2J"}, "name"),
    ],
)
def test_a_manifest_that_contradicts_itself_is_refused(
    folder: Path, change: dict[str, Any], words: str
) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(WeightsError, match=words):
        open_adapter(folder)


def test_another_base_is_refused(folder: Path) -> None:
    manifest = open_adapter(folder).manifest
    require_base(manifest, f"renamed@main#{manifest.base.weights}")
    with pytest.raises(WeightsError, match="cannot go on tiny-qwen2@local#0123456789ab"):
        require_base(manifest, "tiny-qwen2@local#0123456789ab")


def test_another_prompt_is_refused(folder: Path) -> None:
    manifest = open_adapter(folder).manifest
    require_prompt(manifest)
    older = manifest.model_copy(update={"prompt": "reason_projected@1#000000000000"})
    with pytest.raises(WeightsError, match="was trained with the prompt reason_projected@1#0000"):
        require_prompt(older)


def test_saving_keeps_what_is_no_adapter_and_replaces_what_is_one(
    base: Path, folder: Path, tmp_path: Path
) -> None:
    papers = AdapterDescription(**open_adapter(folder).manifest.model_dump(include=set(_FIELDS)))
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    with pytest.raises(ConfigError, match="holds something that is no adapter"):
        save_adapter(tmp_path / "photos", papers, lambda part: None)

    def fails(part: Path) -> None:
        (part / "adapter_model.safetensors").write_bytes(b"half")
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="disk is full"):
        save_adapter(folder, papers, fails)
    open_adapter(folder)
    assert [p.name for p in folder.parent.iterdir() if p.name.startswith(".")] == []


_FIELDS = AdapterDescription.model_fields
