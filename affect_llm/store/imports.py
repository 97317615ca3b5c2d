"""Taking in files that are already on the machine: they are recognised by their sha256."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from affect_llm.errors import WeightsError
from affect_llm.store.cache import StampedFile, read_stamp
from affect_llm.store.digests import Progress, copy_hashed, no_progress, sha256_of
from affect_llm.store.entries import SUFFIXES, Entry, EntryFile, entries
from affect_llm.store.placement import (
    place,
    require_space,
    scratch_path,
    writable_entry,
    write_stamp,
)
from affect_llm.types import Model


class Imported(Model):
    """What was taken in for one entry, and what it still lacks."""

    name: str
    files: tuple[str, ...]
    unpinned: tuple[str, ...]
    missing: tuple[str, ...]


def import_files(paths: Sequence[Path], progress: Progress = no_progress) -> tuple[Imported, ...]:
    """Copy every known file among `paths` (and in the folders among them) into the store.

    A file without a published hash is taken along only beside a recognised file of the same
    entry, and is recorded as unpinned.

    Raises:
        WeightsError: a path is not there, nothing is recognised, or there is no space.
    """
    recognised: dict[str, dict[str, Path]] = {}
    for path in paths:
        for candidate in _candidates(path):
            for owner, file in _owners(candidate, progress):
                files = recognised.setdefault(owner.name, {})
                files[file.path] = candidate
                files.update(_companions(owner, file, candidate))
    if not recognised:
        raise WeightsError(_unrecognised(paths))
    return tuple(_take_in(entries()[name], files) for name, files in recognised.items())


def _candidates(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(p for p in path.rglob("*") if p.is_file() and p.suffix in SUFFIXES)
    elif path.is_file():
        yield path
    else:
        raise WeightsError(f"There is no file or folder {path} to import.")


def _owners(path: Path, progress: Progress) -> list[tuple[Entry, EntryFile]]:
    """Entries that have these bytes among their files; only a file of a known size is hashed."""
    size = path.stat().st_size
    pinned = [(e, f) for e in entries().values() for f in e.files if f.sha256]
    likely = [(e, f) for e, f in pinned if f.size in (None, size)]
    digest = sha256_of(path, progress) if likely else None
    return [(e, f) for e, f in likely if f.sha256 == digest]


def _companions(owner: Entry, file: EntryFile, candidate: Path) -> dict[str, Path]:
    """Unpinned files of the same entry, where they lie in the same folder."""
    if not str(candidate).endswith(file.path):
        return {}
    folder = candidate.parents[len(Path(file.path).parts) - 1]
    loose = [f.path for f in owner.files if f.sha256 is None]
    return {path: folder / path for path in loose if (folder / path).is_file()}


def _take_in(owner: Entry, files: dict[str, Path]) -> Imported:
    with writable_entry(owner.name):
        require_space(sum(path.stat().st_size for path in files.values()))
        stamped = [_store(owner, name, path) for name, path in files.items()]
        stamp = write_stamp(owner, stamped)
    have = {f.path for f in stamp.files}
    return Imported(
        name=owner.name,
        files=tuple(f.path for f in stamped),
        unpinned=tuple(f.path for f in stamp.files if not f.pinned),
        missing=tuple(f.path for f in owner.files if f.path not in have),
    )


def _store(owner: Entry, name: str, source: Path) -> StampedFile:
    scratch = scratch_path()
    digest = copy_hashed(source, scratch)
    file, stamp = owner.file(name), read_stamp(owner.name)
    published = file.sha256 if file else None
    recorded = stamp.sha256_of(name) if stamp and stamp.revision == owner.revision else None
    expected = published or recorded
    if expected and digest != expected:
        scratch.unlink()
        raise WeightsError(
            f"{source} is not the {name} of '{owner.name}': its sha256 is {digest}, and it must be "
            f"{expected}. It was not taken in."
        )
    return place(owner.name, name, scratch, sha256=digest, pinned=published is not None)


def _unrecognised(paths: Sequence[Path]) -> str:
    names = ", ".join(str(path) for path in paths)
    known = {Path(f.path).name: e.name for e in entries().values() for f in e.files}
    alike = [
        f"{p.name} has the name but not the content of '{known[p.name]}'"
        for p in paths
        if p.name in known and p.is_file()
    ]
    hint = f" ({'; '.join(alike)}: truncated, or another version)" if alike else ""
    return (
        f"Nothing in {names} has the sha256 of a weight that this version knows{hint}. "
        "See what it knows with: affect-llm models list."
    )
