"""Tables of clips by name: which column holds the name, what each clip has, where its media lie."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from affect_llm.datasets.reader import columns_of, media_named, read_table
from affect_llm.errors import DataError


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One row: its place for messages, the clip's name and the cells asked for."""

    place: str
    name: str
    cells: dict[str, str]


def first_existing(corpus: str, root: Path, names: Sequence[str]) -> Path:
    """The first of these files that `root` holds.

    Raises:
        DataError: it holds none of them.
    """
    for name in names:
        if (root / name).is_file():
            return root / name
    raise DataError(
        f"{corpus} is not laid out as documented: {root} holds none of {', '.join(names)}."
    )


def named_rows(corpus: str, table: Path, columns: Sequence[str]) -> Iterator[NamedRow]:
    """Rows of a table whose first column of the clips is called "name" or "names".

    Raises:
        DataError: a column is missing, or a row has no name.
    """
    header = columns_of(corpus, table)
    key = "names" if "names" in header and "name" not in header else "name"
    for line, row in read_table(corpus, table, (key, *columns)):
        place = f"{table}, line {line}"
        if not row[key].strip():
            raise DataError(f"{place}: the clip has no name.")
        yield NamedRow(place, row[key].strip(), {column: row[column] for column in columns})


def transcripts(corpus: str, table: Path, column: str) -> dict[str, str]:
    """Clip → words, from a table with that column; empty where there is no such table.

    Raises:
        DataError: the table lacks a column.
    """
    if not table.is_file():
        return {}
    rows = named_rows(corpus, table, (column,))
    return {row.name: row.cells[column].strip() for row in rows if row.cells[column].strip()}


def media_in(root: Path, folders: Sequence[str], name: str, place: str) -> dict[str, str]:
    """The clip's files in any of these folders, the first of each kind.

    Raises:
        DataError: the name leads out of the folder.
    """
    paths: dict[str, str] = {}
    for folder in folders:
        paths = {**paths, **media_named(root / folder, name, place), **paths}
    return paths
