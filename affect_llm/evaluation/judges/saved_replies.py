"""Saved grouping replies of MER2024-OV: `openset-synonym/<name>.npy`, in a folder or a zip.

Each file holds one string as a NumPy array without dimensions. They are read without pickle and
under a size limit: a header is never believed before it is checked.
"""

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath

import numpy as np

from affect_llm.errors import DataError

MAX_BYTES = 1_000_000
_HEADERS: dict[tuple[int, int], Callable[[BytesIO], tuple[tuple[int, ...], bool, np.dtype]]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_saved_replies(path: Path) -> dict[str, str]:
    """Clip name → saved reply, sorted by name.

    Args:
        path: a folder with .npy files, at any depth, or a zip of one.

    Raises:
        DataError: nothing there, two files of one name, one that is too large, is pickled or is
            not a single string.
    """
    found: dict[str, str] = {}
    for name, data in sorted(_files(path)):
        clip = PurePosixPath(name).stem
        if clip in found:
            raise DataError(f"{path} has two saved replies for '{clip}'. Keep one of them.")
        found[clip] = _string(data, name)
    if not found:
        raise DataError(f"{path} holds no saved replies: .npy files, one string in each.")
    return found


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
    file = BytesIO(data)
    try:
        shape, _, kind = _HEADERS[np.lib.format.read_magic(file)](file)
        if shape != () or kind.kind != "U" or kind.itemsize > len(data):
            raise ValueError(f"an array of shape {shape} and type {kind}")
        return str(np.frombuffer(file.read(), dtype=kind, count=1)[0])
    except (KeyError, ValueError, SyntaxError) as error:
        raise DataError(
            f"The saved reply {name} is not one string in a .npy file: {error}. "
            "Pickled objects are never read."
        ) from error
