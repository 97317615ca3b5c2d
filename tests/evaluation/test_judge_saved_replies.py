import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from affect_llm.errors import DataError
from affect_llm.evaluation.judges.saved_replies import read_saved_replies
from affect_llm.metrics.set_level import set_level_scores


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "openset-synonym"
    folder.mkdir()
    np.save(folder / "a.npy", np.array("[['happy', 'joyful'], ['sad']]"))
    np.save(folder / "b.npy", np.array("[['angry'], ['愤怒']]"))
    return folder


def test_saved_replies_of_a_folder_and_a_zip(saved: Path) -> None:
    archive = saved.parent / "openset-synonym.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in saved.iterdir():
            file.write(path, f"openset-synonym/{path.name}")
    found = read_saved_replies(saved)
    assert found == read_saved_replies(archive)
    assert found["b"] == "[['angry'], ['愤怒']]"
    assert set_level_scores("[happy]", "[joyful]", found["a"]) == (1.0, 1.0)


def test_pickles_in_saved_replies_are_refused_and_not_run(saved: Path) -> None:
    np.save(saved / "c.npy", np.array({"a": 1}, dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match="Pickled objects are never read"):
        read_saved_replies(saved)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00\x02\x00{}", b"\x93NUMPY\x09\x00" + b"x" * 200]
)
def test_damaged_saved_replies_are_named(saved: Path, data: bytes) -> None:
    (saved / "c.npy").write_bytes(data)
    with pytest.raises(DataError, match=r"c\.npy is not one string"):
        read_saved_replies(saved)


def test_a_header_is_not_believed(saved: Path) -> None:
    header = json.dumps({"descr": "<U900000000", "fortran_order": False, "shape": []})
    text = header.replace("false", "False").replace("[]", "()").ljust(117) + "\n"
    (saved / "c.npy").write_bytes(
        b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()
    )
    with pytest.raises(DataError, match=r"c\.npy is not one string"):
        read_saved_replies(saved)


def test_two_replies_of_one_clip_and_none_at_all(saved: Path, tmp_path: Path) -> None:
    (saved / "more").mkdir()
    np.save(saved / "more" / "a.npy", np.array("[]"))
    with pytest.raises(DataError, match="two saved replies for 'a'"):
        read_saved_replies(saved)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match="holds no saved replies"):
        read_saved_replies(empty)
    with pytest.raises(DataError, match="neither a folder nor a zip"):
        read_saved_replies(tmp_path / "nothing.zip")
