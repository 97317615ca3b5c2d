"""A file of ratings: a row per item, a column per rater."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from affect_llm.errors import DataError
from affect_llm.evaluation.tables.alignment import ID_COLUMNS
from affect_llm.evaluation.tables.reader import read_file
from affect_llm.evaluation.tables.table import without_value


@dataclass(frozen=True, slots=True)
class Ratings:
    """What m raters said of n items.

    Args:
        raters: names of m columns.
        cells: per item what each rater said, None where nothing.
        groups: of the n items, and `grouped_by` the column they come from, or "item".
    """

    raters: tuple[str, ...]
    cells: list[tuple[str | None, ...]]
    groups: list[str]
    grouped_by: str


def read_ratings(path: Path, raters: Sequence[str], groups: str | None) -> Ratings:
    """The ratings in a file with a row per item and a column per rater.

    Args:
        path: CSV, TSV or JSON lines.
        raters: columns; none for every column that names neither the item nor its group.
        groups: column by which the interval is clustered.

    Raises:
        DataError: the file cannot be read, lacks a column, or has fewer than two raters.
    """
    table = read_file(path, "file of ratings", raters)
    grouping = None if groups is None else table.column((groups,), "the groups")
    others = {name.casefold() for name in (*ID_COLUMNS, groups or "")}
    names = tuple(raters) or tuple(n for n in table.columns if n.casefold() not in others)
    columns = [table.column((name,), "a rater") for name in names]
    if len(set(names)) < 2 or len(set(names)) != len(names):
        raise DataError(
            f"{path} has no two different columns of raters: {', '.join(names) or 'none'}. "
            "Name them with --raters."
        )
    cells = [
        tuple(None if without_value(cell) else str(cell).strip().casefold() for cell in row)
        for row in zip(*columns, strict=True)
    ]
    keys = [str(k) for k in (range(len(cells)) if grouping is None else grouping)]
    return Ratings(names, cells, keys, groups or "item")
