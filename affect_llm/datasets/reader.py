"""What every reader shares: its interface, its refusals, and tables of text."""

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from affect_llm.errors import DataError
from affect_llm.types import Sample

Skips = Counter[str]
"""Rows that a reader left out, by reason; pass one in to learn of them."""
Reader = Callable[[Path, str, Skips | None], Iterator[Sample]]
"""A function `(root, split, skips)` → samples; `root` holds the corpus in its official layout."""


HELD_OUT_SPLITS = ("train", "test")
"""The splits of corpora that came without any: a tenth is held out by `split_by_group`."""
_TEST_SHARE = 0.1
MEDIA_SUFFIXES = {
    "video": (".mp4", ".avi", ".mkv", ".mov", ".webm"),
    "audio": (".wav", ".flac", ".mp3", ".m4a", ".ogg"),
    "image": (".png", ".jpg", ".jpeg"),
}
"""Key in `Sample.paths` → suffixes of the files, the first one found wins."""


def check_split(corpus: str, split: str, known: Sequence[str]) -> None:
    """Refuse a split that the corpus does not have.

    Raises:
        DataError: `split` is none of `known`.
    """
    if split not in known:
        raise DataError(f"{corpus} has no split '{split}'. Known: {', '.join(known)}.")


def split_by_group(group: str) -> str:
    """The side of a group: "test" for about a tenth of them, "train" for the rest.

    All items of a group (a respondent, a recording session) fall on the same side. The side
    depends on the group's name alone, through SHA-256, so that adding items moves none.
    """
    digest = hashlib.sha256(group.encode()).digest()
    return "test" if int.from_bytes(digest[:4]) < _TEST_SHARE * 2**32 else "train"


def existing(corpus: str, path: Path) -> Path:
    """The path itself, if there is a file or folder.

    Raises:
        DataError: it is not; the message names the file or folder that is missing.
    """
    if not path.exists():
        raise DataError(
            f"{corpus} is not laid out as documented: {path} is missing. "
            "Give the folder that the corpus' own archive unpacks to."
        )
    return path


def read_table(
    corpus: str, path: Path, columns: Sequence[str], delimiter: str = ","
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a delimited UTF-8 text table with a header line, each with its line number.

    Every one of `columns` must be there; other columns are left out.

    Raises:
        DataError: no such file, not UTF-8, not a table, or a column is missing.
    """
    with existing(corpus, path).open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines, delimiter=delimiter)
        try:
            missing = [name for name in columns if name not in (table.fieldnames or ())]
            if missing:
                raise DataError(
                    f"{path} has no column {', '.join(missing)}; "
                    f"its columns are {', '.join(table.fieldnames or ('none',))}."
                )
            for row in table:
                yield table.line_num, {name: row[name] or "" for name in columns}
        except UnicodeDecodeError as error:
            raise DataError(f"{path} is not UTF-8 text: {error.reason}.") from error
        except csv.Error as error:
            raise DataError(f"{path}, line {table.line_num + 1}: {error}.") from error


def columns_of(corpus: str, path: Path) -> tuple[str, ...]:
    """The header of a comma-separated UTF-8 text table.

    Raises:
        DataError: no such file, or not UTF-8.
    """
    with existing(corpus, path).open(encoding="utf-8-sig", newline="") as lines:
        try:
            return tuple(next(csv.reader(lines), ()))
        except (UnicodeDecodeError, csv.Error) as error:
            raise DataError(f"{path} is not a table of UTF-8 text: {error}.") from error


def read_lines(corpus: str, path: Path) -> Iterator[list[str]]:
    """Tab-separated fields of each line of a UTF-8 text file without a header.

    Raises:
        DataError: no such file, or not UTF-8.
    """
    with existing(corpus, path).open(encoding="utf-8-sig", newline="\n") as lines:
        try:
            for line in lines:
                yield line.rstrip("\r\n").split("\t")
        except UnicodeDecodeError as error:
            raise DataError(f"{path} is not UTF-8 text: {error.reason}.") from error


def known_label(path: Path, line: int, label: str, labels: Sequence[str]) -> str:
    """`label` in lower case, if it is one of `labels`.

    Raises:
        DataError: it is not; the message says where it stands.
    """
    name = label.strip().lower()
    if name not in labels:
        raise DataError(
            f"{path}, line {line}: '{label}' is not one of the labels {', '.join(labels)}."
        )
    return name


def number(path: Path, line: int, column: str, text: str, low: float, high: float) -> float:
    """The number that `text` says, if it is between `low` and `high`.

    Raises:
        DataError: it is not; the message says where it stands.
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise DataError(
            f"{path}, line {line}: the {column} '{text}' is not between {low:g} and {high:g}."
        )
    return value


def inside(root: Path, name: str, place: str) -> Path:
    """`root` / `name` for a name that a table gives; the file need not be there.

    Args:
        root: folder of the corpus.
        name: a relative path with "/" between its parts.
        place: where the name stands, for the message.

    Raises:
        DataError: the name leads out of `root`, or is no name of a file.
    """
    parts = PurePosixPath(name.replace("\\", "/"))
    if not name.strip() or parts.is_absolute() or ".." in parts.parts or not name.isprintable():
        raise DataError(
            f"{place}: '{name}' is not the name of a file below {root}. "
            "Names that are absolute or hold '..' are refused."
        )
    return root / parts


def media_named(folder: Path, name: str, place: str) -> dict[str, str]:
    """The recordings called `name` in `folder`, as `Sample.paths` has them; empty for none.

    Raises:
        DataError: the name leads out of `folder`.
    """
    paths: dict[str, str] = {}
    for kind, suffixes in MEDIA_SUFFIXES.items():
        for suffix in suffixes:
            path = inside(folder, name + suffix, place)
            if path.is_file():
                paths.setdefault(kind, str(path))
    return paths


def skip(skips: Skips | None, reason: str) -> None:
    """Count a row that a reader leaves out."""
    if skips is not None:
        skips[reason] += 1
