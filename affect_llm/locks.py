"""One process at a time: locks that the operating system frees when their holder dies."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from affect_llm.errors import ConfigError


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; waits while another process has it."""
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path):
        yield


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
    from filelock import FileLock, Timeout

    path = folder.with_name(f".{folder.name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise ConfigError(
            f"Another {what} is working in {folder}. Wait until it has ended, or name another "
            "folder."
        ) from error
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no file that is open
            path.unlink()  # while it is held: whoever gets it next sees that its name is gone
        lock.release()
