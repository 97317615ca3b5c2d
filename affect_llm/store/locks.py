"""One process at a time per entry; the operating system frees the lock when a process dies."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from affect_llm.store.cache import store_root

if sys.platform == "win32":
    import msvcrt

    def _lock(stream: BinaryIO) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK, 1)

    def _unlock(stream: BinaryIO) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(stream: BinaryIO) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX)

    def _unlock(stream: BinaryIO) -> None:
        fcntl.flock(stream, fcntl.LOCK_UN)


@contextmanager
def entry_lock(name: str) -> Iterator[None]:
    """Hold the lock of an entry; waits while another process has it."""
    folder = store_root() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("ab") as stream:
        _lock(stream)
        try:
            yield
        finally:
            _unlock(stream)
