import hashlib
import json
from pathlib import Path

import pytest

from affect_llm.store import shipped
from affect_llm.store.wholeness import inspect_shipped, tensor_problem


def tensors(path: Path) -> Path:
    header = json.dumps({"w": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(16))
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shipped, "_ROOT", tmp_path)
    (tmp_path / "net").mkdir()
    tensors(tmp_path / "net" / "model.safetensors")
    return tmp_path / "net"


def test_a_whole_weight_has_no_problems(folder: Path) -> None:
    found = inspect_shipped("net")
    assert found.problems == ()
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert found.files == {"model.safetensors": digest}


def test_our_reading_of_the_header_agrees_with_the_library(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    save_file({"a": torch.ones(3, 5), "b": torch.zeros(2)}, tmp_path / "x.safetensors")
    assert tensor_problem(tmp_path / "x.safetensors") is None


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b"", lambda b: b"\xff" * 40])
def test_a_damaged_file_is_told(folder: Path, damage: object) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert len(inspect_shipped("net").problems) == 1


def test_written_down_hashes_are_held_to(folder: Path) -> None:
    path = folder / "model.safetensors"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_text(f"{digest}  model.safetensors\n")
    assert inspect_shipped("net").problems == ()
    path.write_bytes(path.read_bytes()[:-1] + b"\1")
    assert "not the file that was shipped" in inspect_shipped("net").problems[0]


def test_an_absent_weight_is_a_problem(folder: Path) -> None:
    assert "carries no 'other'" in inspect_shipped("other").problems[0]
