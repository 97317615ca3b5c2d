"""Getting an entry from its source: resumable, verified, atomic."""

import hashlib
from pathlib import Path

from affect_llm.errors import WeightsError
from affect_llm.store.cache import Stamp, StampedFile, blob_path, locate, read_stamp, store_root
from affect_llm.store.digests import Progress, no_progress, sha256_of
from affect_llm.store.download import download
from affect_llm.store.entries import Entry, EntryFile, entry
from affect_llm.store.placement import place, require_space, show, writable_entry, write_stamp


def pull(name: str, progress: Progress = no_progress) -> Stamp:
    """Download what is missing of an entry, verify it and put it into the store.

    A file with a known hash is refused when it differs. A file without one is trusted on first
    sight only: its hash is recorded as unpinned, and a later download must have the same.

    Raises:
        UnknownComponent: no entry of that name.
        WeightsError: not reachable, too short, too long, the wrong hash, or no space for it.
    """
    wanted = entry(name)
    with writable_entry(name):
        stamp = read_stamp(name)
        if stamp is not None and locate(name) is not None:
            return stamp
        require_space(wanted.size or 0)
        files = [_fetch(wanted, file, stamp, progress) for file in wanted.files]
        return write_stamp(wanted, files)


def _fetch(wanted: Entry, file: EntryFile, stamp: Stamp | None, progress: Progress) -> StampedFile:
    expected = file.sha256 or (stamp.sha256_of(file.path) if stamp else None)
    pinned = file.sha256 is not None
    if expected and (blob := blob_path(expected)).is_file() and sha256_of(blob) == expected:
        return show(wanted.name, file.path, sha256=expected, pinned=pinned)
    part = _part_path(file)
    part.parent.mkdir(parents=True, exist_ok=True)
    if expected is None:
        part.unlink(missing_ok=True)  # nothing could tell two versions glued together
    download(file.url, part, size=file.size, progress=progress)
    arrived = sha256_of(part)
    if expected and arrived != expected:
        part.unlink()
        origin = "it must be" if pinned else "on first sight it was"
        raise WeightsError(
            f"{file.url} is not what it should be: its sha256 is {arrived}, and {origin} "
            f"{expected}. Nothing was kept. Pull again; if it stays so, the source has changed and "
            "must not be trusted."
        )
    return place(wanted.name, file.path, part, sha256=arrived, pinned=pinned)


def _part_path(file: EntryFile) -> Path:
    """Where the unfinished download lies; the same for every attempt at the same URL."""
    key = hashlib.sha256(f"{file.url} {file.sha256}".encode()).hexdigest()
    return store_root() / "partial" / f"{key}.part"
