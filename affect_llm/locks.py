"""One process at a time: locks that the operating system frees when their holder dies."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from affect_llm.errors import ConfigError

if sys.platform == "win32":
    import msvcrt

    def _lock(stream: BinaryIO, wait: bool) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

    def _unlock(stream: BinaryIO) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(stream: BinaryIO, wait: bool) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))

    def _unlock(stream: BinaryIO) -> None:
        fcntl.flock(stream, fcntl.LOCK_UN)


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; waits while another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        _lock(stream, wait=True)
        try:
            yield
        finally:
            _unlock(stream)


@contextmanager
def sole_run(folder: Path, what: str = "run") -> Iterator[None]:
    """Work in `folder` alone; a second run is told instead of mixing its files with the first's.

    The lock lies beside the folder, because a run may replace its folder, and goes with the run.

    Args:
        folder: what the run writes; need not be there yet.
        what: works there, for the message ("training run").

    Raises:
        ConfigError: another run works there.
    """
    path = folder.with_name(f".{folder.name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = _taken(path)
    if stream is None:
        raise ConfigError(
            f"Another {what} is working in {folder}. Wait until it has ended, or name another "
            "folder."
        )
    with stream:
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no file that is open
                path.unlink()


def _taken(path: Path) -> BinaryIO | None:
    """The lock file, held until it is closed; None while another process holds it."""
    while True:
        stream = path.open("ab")
        try:
            _lock(stream, wait=False)
        except (BlockingIOError, PermissionError):
            stream.close()
            return None
        except OSError:  # a file system without locks: as good as it can be had
            return stream
        if _is_the_same(stream, path):
            return stream
        stream.close()


def _is_the_same(stream: BinaryIO, path: Path) -> bool:
    """Whether `path` is still the file that was opened: its holder may have just removed it."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    return False
