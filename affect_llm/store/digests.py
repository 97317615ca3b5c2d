"""sha256 of files, in pieces."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

CHUNK_BYTES = 1024 * 1024
"""Bytes read at once: enough that Python's share of the time is small, little enough to hold."""

Progress = Callable[[int], None]
"""Called with the number of bytes that were just dealt with."""


def no_progress(count: int) -> None:
    """Say nothing."""


def sha256_of(path: Path, progress: Progress = no_progress) -> str:
    """Hexadecimal sha256 of a file."""
    with path.open("rb") as stream:
        return _digest(stream, None, progress)


def copy_hashed(source: Path, target: Path, progress: Progress = no_progress) -> str:
    """Copy `source` to `target` and return the sha256 of exactly the bytes that were written."""
    with source.open("rb") as reader, target.open("wb") as writer:
        return _digest(reader, writer, progress)


def _digest(stream: BinaryIO, sink: BinaryIO | None, progress: Progress) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
        if sink is not None:
            sink.write(chunk)
        progress(len(chunk))
    return digest.hexdigest()
