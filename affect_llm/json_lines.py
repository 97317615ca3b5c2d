"""JSON lines: read with their numbers, appended whole, mended where a killed run tore the last."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from affect_llm.errors import DataError


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    r"""Number, from 1, and text of every line that is not blank.

    Only \n or \r\n ends a line: `str.splitlines` also cuts at U+2028 and U+0085, which may stand
    in a JSON string as they are.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.removesuffix("\r")


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a file of UTF-8 text; a byte order mark is passed over.

    Raises:
        DataError: the file cannot be read, or is not UTF-8.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text: {error.reason}.") from error
    yield from numbered_lines(text)


def read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The numbered JSON objects of a file.

    Raises:
        DataError: the file cannot be read, or a line is no JSON object; the message has its number.
    """
    for number, line in read_lines(path):
        yield number, parse_object(line, f"{path}, line {number}")


def parse_object(line: str, place: str) -> dict[str, Any]:
    """The JSON object of a line.

    Args:
        line: one line.
        place: file and line, for the message.

    Raises:
        DataError: it is not JSON, or no object.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{place} is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise DataError(f"{place} is not a JSON object with named values.")
    return value


def append_lines(path: Path, lines: Iterable[str], *, durable: bool = False) -> None:
    """Append lines in one write, so that two processes do not mix theirs; the folder is made.

    A torn last line is closed first: it stays, unreadable, and spoils no line after it.

    Args:
        path: the file.
        lines: without line ends.
        durable: return only when they are on the disk.
    """
    data = "".join(f"{line}\n" for line in lines).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as stream:
        stream.write(data if _ends_whole(path) else b"\n" + data)
        if durable:
            os.fsync(stream.fileno())


def cut_torn_line(path: Path) -> bool:
    """Cut off a last line without its end, which a killed run left; whether there was one."""
    if _ends_whole(path):
        return False
    os.truncate(path, path.read_bytes().rfind(b"\n") + 1)
    return True


def _ends_whole(path: Path) -> bool:
    """Whether the file is empty, or its last byte ends a line."""
    with path.open("rb") as stream:
        if stream.seek(0, os.SEEK_END) == 0:
            return True
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"
