"""A table as it was read, before anyone knows what its cells mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Literal

from affect_llm.errors import DataError

Cell = object
"""A text, a number, a list, or None where nothing was said."""
Kind = Literal["delimited text", "JSON lines", "results", "prediction log", "npz"]
NO_VALUE = frozenset(
    (
        "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
        "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
    )
)  # fmt: skip
"""What pandas' `read_csv`, which the official evaluators read with, takes for "no value"."""
MOST_BYTES = 1 << 30
"""Larger files are refused before they are read: their rows would not fit into memory."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of equal length; `places[i]` says where row i stands ("line 7").

    Args:
        path: the file.
        kind: what it was found to be.
        columns: name → cells.
        places: the line (or, in an npz, the item) of each row, counted from 1.
    """

    path: Path
    kind: Kind
    columns: Mapping[str, Sequence[Cell]]
    places: Sequence[int]

    def place(self, row: int) -> str:
        """Where `row` stands, for messages."""
        return f"{'item' if self.kind == 'npz' else 'line'} {self.places[row]}"

    def column(self, names: Sequence[str], purpose: str) -> Sequence[Cell]:
        """The first column that has one of `names` (upper and lower case alike).

        Raises:
            DataError: there is none; the message lists those there are.
        """
        name = self.find(names)
        if name is None:
            others = f" ({', '.join(names[1:])} will do, too)" if names[1:] else ""
            columns = ", ".join(f"'{n}'" for n in self.columns) or "none"
            raise DataError(
                f"{self.path} has no column '{names[0]}' for {purpose}{others}; its columns are "
                f"{columns}. Rename one."
            )
        return self.columns[name]

    def find(self, names: Sequence[str]) -> str | None:
        """The table's own spelling of the first of `names` that it has."""
        folded = {name.casefold(): name for name in reversed(list(self.columns))}
        return next((folded[n.casefold()] for n in names if n.casefold() in folded), None)


def without_value(cell: Cell) -> bool:
    """Whether a cell says nothing: None, NaN, blank, or a word that stands for that."""
    if isinstance(cell, str):
        return cell.strip() in NO_VALUE
    return cell is None or (isinstance(cell, float) and cell != cell)


def as_number(cell: Cell) -> float | None:
    """The finite number that a cell is or spells; None where it is something else."""
    try:
        value = float(str(cell))
    except ValueError:
        return None
    return value if isfinite(value) else None


def file_bytes(path: Path, what: str) -> bytes:
    """The bytes of a file.

    Raises:
        DataError: it is missing, a folder, empty, too large or cannot be opened.
    """
    problem = next((words for wrong, words in _REFUSALS if wrong(path)), None)
    if problem is not None:
        raise DataError(f"The {what} {path} {problem}.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"The {what} {path} cannot be read: {error.strerror}.") from error


_REFUSALS: tuple[tuple[Callable[[Path], bool], str], ...] = (
    (lambda path: not path.exists(), "does not exist"),
    (lambda path: path.is_dir(), "is a folder; give the file in it"),
    (lambda path: not path.is_file(), "is not a regular file"),
    (lambda path: path.stat().st_size == 0, "is empty"),
    (lambda path: path.stat().st_size > MOST_BYTES, "is larger than 1 GiB; split it"),
)
