from collections.abc import Callable
from pathlib import Path

import pytest
from store_table import BODY, NOTE, SHA, table

from affect_llm.errors import WeightsError
from affect_llm.store.cache import locate, require
from affect_llm.store.imports import import_files
from affect_llm.store.verification import verify

UseTable = Callable[[str], None]


@pytest.fixture(autouse=True)
def _small_table(store: Path, use_table: UseTable) -> None:
    use_table(table("https://example.org"))


def checkpoint(folder: Path) -> Path:
    (folder / "sub").mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(BODY)
    (folder / "sub" / "note.json").write_bytes(NOTE)
    (folder / "README.txt").write_text("not a weight")
    return folder


def test_a_file_is_known_by_its_bytes_whatever_its_name(tmp_path: Path) -> None:
    source = tmp_path / "downloaded (1)"
    source.write_bytes(BODY)
    imported = {item.name: item for item in import_files([source])}
    assert require("one").read_bytes() == BODY
    assert source.read_bytes() == BODY
    assert imported["one"].missing == ()
    assert imported["many"].missing == ("sub/note.json",)
    assert locate("many") is None


def test_a_folder_brings_its_unpinned_companions(tmp_path: Path) -> None:
    imported = {i.name: i for i in import_files([checkpoint(tmp_path / "ckpt")])}
    assert imported["many"].missing == ()
    assert imported["many"].unpinned == ("sub/note.json",)
    assert (require("many") / "sub" / "note.json").read_bytes() == NOTE
    assert verify("many").state == "unpinned"


def test_an_unpinned_companion_is_held_to_its_first_sight(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "ckpt")
    import_files([folder])
    (folder / "sub" / "note.json").write_bytes(b'{"a": 2}')
    with pytest.raises(WeightsError, match="was not taken in"):
        import_files([folder])
    assert (require("many") / "sub" / "note.json").read_bytes() == NOTE


def test_unknown_bytes_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "weight.onnx"
    source.write_bytes(BODY[:-1])
    with pytest.raises(WeightsError, match="has the name but not the content of 'one'"):
        import_files([source])
    assert locate("one") is None


def test_a_path_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no file or folder"):
        import_files([tmp_path / "nothing.onnx"])


def test_a_flipped_byte_is_found_and_taken_out(tmp_path: Path) -> None:
    source = tmp_path / "w"
    source.write_bytes(BODY)
    import_files([source])
    assert verify("one").state == "whole"
    flipped = bytearray(BODY)
    flipped[77] ^= 1
    require("one").write_bytes(bytes(flipped))
    assert locate("one") is not None, "the size is the same: only hashing can tell"
    verdict = verify("one")
    assert verdict.state == "corrupt"
    assert "weight.onnx" in verdict.problems[0]
    assert locate("one") is None
    assert verify("one").state == "absent"
    import_files([source])
    assert verify("one").state == "whole"


def test_a_truncated_file_is_absent_without_hashing(tmp_path: Path) -> None:
    source = tmp_path / "w"
    source.write_bytes(BODY)
    import_files([source])
    require("one").write_bytes(BODY[:100])
    assert locate("one") is None
    import_files([source])
    assert require("one").read_bytes() == BODY


def test_importing_twice_changes_nothing(tmp_path: Path, store: Path) -> None:
    source = tmp_path / "w"
    source.write_bytes(BODY)
    import_files([source])
    before = sorted(p.name for p in store.rglob("*"))
    import_files([source])
    assert sorted(p.name for p in store.rglob("*")) == before
    assert (store / "blobs" / SHA).is_file()
