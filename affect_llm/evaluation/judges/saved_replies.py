"""Saved grouping replies of MER2024-OV: `openset-synonym/<name>.npy`, in a folder or a zip.

Each file holds one string as a NumPy array without dimensions, and is read under a size limit.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from affect_llm.errors import DataError
from affect_llm.labels.official.plain_arrays import array_header, plain_array

MAX_BYTES = 1_000_000
"""A reply is a line or two; a file that says more is something else."""


def read_saved_replies(path: Path) -> dict[str, str]:
    """Clip name → saved reply, sorted by name.

    Args:
        path: a folder with .npy files, at any depth, or a zip of one.

    Raises:
        DataError: nothing there, two files of one name, one that is too large, is pickled or is
            not a single string.
    """
    replies: dict[str, str] = {}
    for name, data in sorted(_files(path)):
        clip = PurePosixPath(name).stem
        if clip in replies:
            raise DataError(f"{path} has two saved replies for '{clip}'. Keep one of them.")
        replies[clip] = _string(data, name)
    if not replies:
        raise DataError(f"{path} holds no saved replies: .npy files, one string in each.")
    return replies


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in path.rglob("*.npy"):
            _refuse_large(file.name, file.stat().st_size)
            yield file.name, file.read_bytes()
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.filename.endswith(".npy") and "__MACOSX" not in entry.filename:
                    _refuse_large(entry.filename, entry.file_size)
                    yield entry.filename, archive.read(entry)
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is neither a folder nor a zip of saved replies.") from error


def _refuse_large(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise DataError(f"The saved reply {name} has {size} bytes; at most {MAX_BYTES} are read.")


def _string(data: bytes, name: str) -> str:
    reason = "it holds something else"
    try:
        *_, kind, _ = array_header(data, name)
        reply = plain_array(data, name) if kind.kind == "U" else None
        if isinstance(reply, str):
            return reply
    except DataError as error:
        reason = str(error).removesuffix(".")
    raise DataError(
        f"The saved reply {name} is not one string in a .npy file: {reason}. "
        "Pickled objects are never read."
    )
