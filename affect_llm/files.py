"""Files and folders are written whole or not at all: beside their place, then renamed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from affect_llm.errors import DiskError


def user_cache(name: str, variable: str | None = None) -> Path:
    """The folder `name` in the user's cache folder, or what an environment variable names."""
    given = os.environ.get(variable, "") if variable else ""
    if given:
        return Path(given).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("affect-llm", appauthor=False) / name


def part_path(target: Path) -> Path:
    """A new hidden path beside `target`, for what is not whole yet; its folder is made.

    The name is short whatever the target is called, because file systems end names at 255 bytes.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f".{uuid4().hex}.part")


def write_whole(target: Path, content: str | bytes, *, durable: bool = True) -> None:
    """Write a file so that it is the old one, or all of the new one; its permissions stay.

    Args:
        target: the file; its folder is made.
        content: text is written as UTF-8, with "?" for a lone surrogate.
        durable: force it onto the disk, so that it outlives a power cut; a cache need not.

    Raises:
        DiskError: the disk is full, or the folder may not be written.
    """
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    with disk_errors(target):
        part = part_path(target)
        try:
            with part.open("xb") as stream:
                stream.write(data)
            with suppress(FileNotFoundError):
                shutil.copymode(target, part)
            if durable:
                place_whole(part, target)
            else:
                os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A new folder to fill, which takes the place of `target` when the block ends without error.

    A folder that is there is replaced: look first whether it may be. A crash between the two
    renames leaves the old folder beside its place.

    Raises:
        DiskError: the disk is full, or the parent folder may not be written.
    """
    with disk_errors(target):
        part = part_path(target)
        part.mkdir()
        try:
            yield part
            for path in part.rglob("*"):
                _sync(path)
            _swap(part, target)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def place_whole(part: Path, target: Path) -> None:
    """Move a file that is complete to its place, in the same file system, and onto the disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _sync(part)
    os.replace(part, target)
    _sync(target.parent)


@contextmanager
def disk_errors(target: Path) -> Iterator[None]:
    """Turn what the file system refuses into a sentence about `target`.

    Raises:
        DiskError: for every other OSError inside the block; it keeps the error number.
    """
    try:
        yield
    except DiskError:
        raise
    except OSError as error:
        raise DiskError(f"{target} cannot be written", error) from error


def _swap(part: Path, target: Path) -> None:
    old = target.with_name(f".{uuid4().hex}.old")
    if target.exists():
        shutil.copymode(target, part)
        os.replace(target, old)
    try:
        os.replace(part, target)
    except OSError:
        if old.exists():
            os.replace(old, target)
        raise
    _sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    """Force a file, or the names in a folder, onto the disk.

    Windows opens no folders; its renames need no help.
    """
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
