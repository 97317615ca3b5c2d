"""Files and folders are the old ones or all of the new ones, and a full disk is a sentence."""

import errno
import os
from pathlib import Path

import pytest

from affect_llm import files
from affect_llm.errors import AffectError, DiskError
from affect_llm.files import disk_errors, whole_folder, write_whole


def test_a_file_is_written_with_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "new" / "report.html"
    write_whole(target, "über \ud800")
    assert target.read_bytes() == "über ?".encode()
    assert list(target.parent.iterdir()) == [target]


def test_permissions_stay(tmp_path: Path) -> None:
    target = tmp_path / "secret"
    target.write_text("old")
    target.chmod(0o640)
    write_whole(target, b"new")
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)


def test_a_new_file_has_the_permissions_that_the_user_wants(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_whole(tmp_path / "whole", "")
    modes = [(tmp_path / name).stat().st_mode for name in ("plain", "whole")]
    assert modes[0] == modes[1]


@pytest.mark.parametrize("durable", [True, False])
def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: bool
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target = tmp_path / "f"
    target.write_text("old")
    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(DiskError, match=r"f cannot be written: No space left on device\.") as told:
        write_whole(target, "new", durable=durable)
    assert isinstance(told.value, AffectError)
    assert told.value.errno == errno.ENOSPC
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("f", "old")]


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    target = tmp_path / "adapter"
    (target / "sub").mkdir(parents=True)
    (target / "old").write_text("")
    target.chmod(0o750)
    with whole_folder(target) as part:
        (part / "sub").mkdir()
        (part / "sub" / "new").write_text("1")
    assert [p.relative_to(target).as_posix() for p in sorted(target.rglob("*"))] == [
        "sub",
        "sub/new",
    ]
    assert target.stat().st_mode & 0o777 == 0o750
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "adapter"
    target.mkdir()
    (target / "old").write_text("")
    with pytest.raises(ZeroDivisionError), whole_folder(target) as part:
        (part / str(1 / 0)).write_text("")
    assert [p.name for p in tmp_path.rglob("*")] == ["adapter", "old"]


def test_a_folder_that_cannot_be_renamed_gives_the_old_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "adapter"
    target.mkdir()
    (target / "old").write_text("")
    rename = os.replace

    def refuse(source: Path, place: Path) -> None:
        if source.suffix == ".part":
            raise PermissionError(errno.EACCES, "Permission denied")
        rename(source, place)

    monkeypatch.setattr(files.os, "replace", refuse)
    with pytest.raises(DiskError, match="Permission denied"), whole_folder(target):
        pass
    assert [p.name for p in tmp_path.rglob("*")] == ["adapter", "old"]


def test_a_sentence_is_made_once(tmp_path: Path) -> None:
    refusal = OSError(errno.EROFS, "Read-only file system")
    outer, inner = disk_errors(Path("outer")), disk_errors(Path("inner"))
    with pytest.raises(DiskError, match=r"^inner cannot"), outer, inner:
        raise refusal
