"""CSV and its relatives: comma, semicolon or tab, any quoting, with or without a BOM."""

import csv
from collections import Counter
from collections.abc import Collection, Iterator
from io import StringIO
from pathlib import Path

from affect_llm.errors import DataError
from affect_llm.evaluation.tables.problems import listed
from affect_llm.evaluation.tables.table import Table

DELIMITERS = (",", ";", "\t")
_LONGEST_FIELD = 1 << 24
"""No cell is longer than 16 MiB; more is a quote that was never closed."""


def read_delimited(path: Path, text: str, wanted: Collection[str]) -> Table:
    """The table in `text`; its first line names the columns.

    Of the delimiters, the one is taken whose header has most of the `wanted` names, then most
    columns. Blanks after a delimiter belong to the cell, as for pandas and the official code;
    only where the table cannot be read so, they are skipped (`a, "b, c"`).

    Raises:
        DataError: quotes that do not close, rows of another width than the header, a column
            name that stands twice, or no rows.
    """
    delimiter = max(DELIMITERS, key=lambda d: _fit(text, d, wanted))
    try:
        return _read(path, text, delimiter, skip_blanks=False)
    except DataError as error:
        try:
            return _read(path, text, delimiter, skip_blanks=True)
        except DataError:
            raise error from None


def _read(path: Path, text: str, delimiter: str, *, skip_blanks: bool) -> Table:
    lines = _rows(path, text, delimiter, skip_blanks)
    header = [name.strip() for name in next(lines, (1, [""]))[1]]
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    if twice:
        raise DataError(
            f"{path} has the column {listed(twice)} more than once; rename or drop one."
        )
    rows = list(lines)
    uneven = [place for place, row in rows if len(row) != len(header)]
    if uneven:
        raise DataError(
            f"{path}: {len(uneven)} rows have another number of fields than the "
            f"{len(header)} of the header (lines {listed(uneven)}). Is a field with the delimiter "
            "in it not quoted?"
        )
    if not rows:
        raise DataError(f"{path} has a header but no rows.")
    columns = {name: [row[k] for _, row in rows] for k, name in enumerate(header)}
    return Table(path, "delimited text", columns, [place for place, _ in rows])


def _fit(text: str, delimiter: str, wanted: Collection[str]) -> tuple[int, int]:
    try:
        names = next(
            csv.reader(StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True), []
        )
    except csv.Error:
        return 0, 0
    known = {name.casefold() for name in wanted}
    return sum(name.strip().casefold() in known for name in names), len(names)


def _rows(
    path: Path, text: str, delimiter: str, skip_blanks: bool
) -> Iterator[tuple[int, list[str]]]:
    """Line number where a row begins, and its fields; blank lines are left out."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=skip_blanks
    )
    begins = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(
                f"{path}, line {begins}: the row cannot be read ({error}). Put fields that hold "
                f"quotes or line breaks into double quotes, and write inner quotes twice."
            ) from error
        if row:
            yield begins, row
        begins = reader.line_num + 1
