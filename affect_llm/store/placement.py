"""Putting verified bytes into the store so that nobody ever sees half of them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path
from uuid import uuid4

from affect_llm.errors import WeightsError
from affect_llm.files import place_whole, write_whole
from affect_llm.locks import file_lock
from affect_llm.store.cache import (
    Stamp,
    StampedFile,
    blob_path,
    folder_of,
    read_stamp,
    stamp_path,
    store_root,
)
from affect_llm.store.entries import Entry

SPARE_BYTES = 64 * 1024**2
"""Free space that is left to the rest of the machine: logs and temporary files go on."""


def scratch_path() -> Path:
    """A new path in the store's own file system, for bytes that are not verified yet."""
    folder = store_root() / "partial"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{uuid4().hex}.tmp"


def place(name: str, path: str, whole: Path, *, sha256: str, pinned: bool) -> StampedFile:
    """Move the verified file `whole` into the store and show it as `path` of the entry `name`."""
    place_whole(whole, blob_path(sha256))
    return show(name, path, sha256=sha256, pinned=pinned)


def show(name: str, path: str, *, sha256: str, pinned: bool) -> StampedFile:
    """Link the blob with this hash as `path` of the entry `name`, or copy it where links fail."""
    blob = blob_path(sha256)
    shown = folder_of(name) / path
    shown.parent.mkdir(parents=True, exist_ok=True)
    link = scratch_path()
    try:
        os.link(blob, link)
    except OSError:  # a file system without hard links
        try:
            link.symlink_to(blob)
        except OSError:
            shutil.copyfile(blob, link)
    os.replace(link, shown)
    link.unlink(missing_ok=True)  # renaming a hard link onto itself leaves it behind
    return StampedFile(path=path, sha256=sha256, size=blob.stat().st_size, pinned=pinned)


def write_stamp(entry: Entry, files: list[StampedFile]) -> Stamp:
    """Record files as verified, beside those that were recorded before at the same revision."""
    old = read_stamp(entry.name)
    recorded = {f.path: f for f in old.files} if old and old.revision == entry.revision else {}
    recorded |= {f.path: f for f in files}
    stamp = Stamp(name=entry.name, revision=entry.revision, files=tuple(recorded.values()))
    write_whole(stamp_path(entry.name), stamp.model_dump_json(indent=2) + "\n")
    return stamp


def require_space(count: int) -> None:
    """Refuse to begin what the disk cannot hold.

    Raises:
        WeightsError: fewer than `count` bytes and a little are free.
    """
    root = store_root()
    root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(root).free
    if free < count + SPARE_BYTES:
        raise WeightsError(
            f"{count / 1e6:.1f} MB are needed in {root}, and only {free / 1e6:.1f} MB are free. "
            "Free some space, or set AFFECT_LLM_STORE to a larger disk."
        )


@contextmanager
def writable_entry(name: str) -> Iterator[None]:
    """Change an entry alone: other processes wait, and what the disk refuses is a sentence.

    Raises:
        WeightsError: the disk is full, or the store may not be written.
    """
    try:
        with file_lock(store_root() / "locks" / f"{name}.lock"):
            yield
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise WeightsError(
                f"The disk of {store_root()} is full. Free some space, or set AFFECT_LLM_STORE to "
                "a larger disk, and run the same command again."
            ) from error
        raise WeightsError(
            f"{store_root()} cannot be written: {error.strerror or error}. Check its permissions, "
            "or set AFFECT_LLM_STORE to another folder."
        ) from error
