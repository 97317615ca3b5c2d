"""Hashing everything again: are these still the bytes that were verified."""

from typing import Literal

from affect_llm.store.cache import StampedFile, blob_path, folder_of, locate, read_stamp
from affect_llm.store.digests import Progress, no_progress, sha256_of
from affect_llm.store.entries import entry
from affect_llm.store.placement import writable_entry
from affect_llm.types import Model


class Verification(Model):
    """What hashing an entry again has shown.

    Args:
        state: whole (every hash is the published one), unpinned (every hash is the recorded one,
            some were never published), absent, or corrupt.
        problems: one sentence per corrupt file.
    """

    name: str
    state: Literal["whole", "unpinned", "absent", "corrupt"]
    problems: tuple[str, ...] = ()


def verify(name: str, progress: Progress = no_progress) -> Verification:
    """Hash every file of an entry again; a corrupt one is taken out of the store.

    Raises:
        UnknownComponent: no entry of that name.
    """
    entry(name)
    with writable_entry(name):
        stamp = read_stamp(name)
        if stamp is None or locate(name) is None:
            return Verification(name=name, state="absent")
        problems = tuple(p for f in stamp.files if (p := _problem(name, f, progress)))
    if problems:
        return Verification(name=name, state="corrupt", problems=problems)
    pinned = all(f.pinned for f in stamp.files)
    return Verification(name=name, state="whole" if pinned else "unpinned")


def _problem(name: str, file: StampedFile, progress: Progress) -> str | None:
    shown = folder_of(name) / file.path
    now = sha256_of(shown, progress)
    if now == file.sha256:
        return None
    shown.unlink()
    blob_path(file.sha256).unlink(missing_ok=True)
    return (
        f"{file.path} of '{name}' has changed on the disk (sha256 {now}, it was {file.sha256}) "
        f"and was removed. Get it again: affect-llm models pull {name}."
    )
