"""Arrays of numpy's files as plain values, pickled object arrays too; no pickle is ever run.

The layouts this is for: predictions (`name2reason`: a dictionary; `filenames` and `fileitems`:
rows of text or of label lists), closed-set labels (dictionaries name -> {emo, val}), saved judge
replies (one string) and the MER2026 word tables.
"""

import io
import math
import struct
import zipfile
import zlib
from pathlib import Path
from tokenize import TokenError

import numpy as np

from affect_llm.errors import DataError
from affect_llm.labels.official.plain_pickle import read_plain_pickle

_DAMAGE = (
    *(OSError, EOFError, ValueError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)
"""What `zipfile` raises on archives that are damaged, encrypted or packed in another way."""
_NO_HEADER = (
    *(ValueError, TypeError, LookupError, SyntaxError, TokenError),
    *(MemoryError, RecursionError),
)
"""What numpy's reader of headers raises on text that is none."""
MAX_BYTES = 512 * 2**20
"""The most that all arrays of a file may hold together, uncompressed; a zip bomb stops there."""


def read_plain_npz(path: str | Path) -> dict[str, object]:
    """Every array of an `.npz` file as plain values, by name.

    An array without dimensions becomes its item (a dictionary, a string, …), one of text or
    objects a (nested) list, one of numbers stays a numpy array.

    Raises:
        DataError: the file is missing, no `.npz`, damaged, larger than `MAX_BYTES`, or its
            pickles hold anything but text, numbers, lists and dictionaries.
    """
    path = Path(path)
    arrays, left = {}, MAX_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise zipfile.BadZipFile
                with archive.open(entry) as member:
                    data = member.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise DataError(f"{path} unpacks to more than {MAX_BYTES} bytes.")
                name = entry.filename.removesuffix(".npy")
                arrays[name] = plain_array(data, f"The array '{name}' of {path}")
    except _DAMAGE as error:
        reason = "it is not a zip archive or is damaged"
        if isinstance(error, OSError) and error.strerror:
            reason = error.strerror.lower()
        raise DataError(f"{path} cannot be read as an .npz file: {reason}.") from None
    return arrays


def plain_array(data: bytes, source: str) -> object:
    """The array in the bytes of an `.npy` file as plain values, as in `read_plain_npz`.

    Args:
        data: the whole file.
        source: what it is, for the sentence of an error.

    Raises:
        DataError: it is no array, damaged, or holds anything but text, numbers, lists and
            dictionaries.
    """
    shape, fortran, kind, start = array_header(data, source)
    rest = data[start:]
    if kind == np.dtype(object):
        return read_plain_pickle(rest, source)
    if kind.hasobject or kind.names is not None or kind.kind not in "biufUS":
        raise DataError(f"{source} is not read: its type is {kind}; text and numbers are read.")
    empty = kind.itemsize == 0 and math.prod(shape) > 1
    if empty or min(shape, default=0) < 0 or len(rest) != math.prod(shape) * kind.itemsize:
        raise DataError(f"{source} is not read: it is cut short, or longer than its header says.")
    try:
        array = np.ndarray(shape, kind, rest, order="F" if fortran else "C")
    except (ValueError, OverflowError, TypeError):
        raise DataError(f"{source} is not read: its shape {shape} is impossible.") from None
    return array.tolist() if kind.kind in "US" or not shape else array


def array_header(
    data: bytes, source: str
) -> tuple[tuple[int, ...], bool, np.dtype[np.generic], int]:
    """Shape, Fortran order and type that an `.npy` file claims, and where its items begin.

    Raises:
        DataError: it does not begin as such a file does.
    """
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        if version == (1, 0):
            return *np.lib.format.read_array_header_1_0(file), file.tell()
        return *np.lib.format.read_array_header_2_0(file), file.tell()
    except _NO_HEADER:
        raise DataError(f"{source} is not read: it is no numpy array, or damaged.") from None
