"""Rows of the published spreadsheets and comma-separated tables, by column name."""

import csv
from collections.abc import Sequence
from pathlib import Path

from affect_llm.errors import DataError, MissingExtra

Row = dict[str, str | None]


def read_csv(path: Path, columns: Sequence[str]) -> list[Row]:
    """The rows of a table in UTF-8; an empty cell is None.

    Raises:
        DataError: the file is missing, no text, or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a table: {error}.") from None
    return _by_column(path, [[cell or None for cell in row] for row in rows], columns)


def read_xlsx(path: Path, columns: Sequence[str]) -> list[Row]:
    """The rows of the first sheet; an empty cell is None.

    Raises:
        DataError: the file is missing, no spreadsheet, or lacks a column.
        MissingExtra: the reader of spreadsheets is not installed.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise MissingExtra("reading the official word tables", "eval") from None
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except (OSError, CalamineError) as error:
        raise DataError(f"{path} cannot be read as a spreadsheet: {error}.") from None
    rows = [[str(cell) if cell != "" else None for cell in row] for row in sheet.to_python()]
    return _by_column(path, rows, columns)


def _by_column(path: Path, rows: list[list[str | None]], columns: Sequence[str]) -> list[Row]:
    header = rows[0] if rows else []
    missing = [column for column in columns if column not in header]
    if missing:
        raise DataError(
            f"{path} lacks the column {', '.join(missing)}; it has "
            f"{', '.join(str(name) for name in header) or 'no columns'}."
        )
    places = {column: header.index(column) for column in columns}
    return [
        {column: row[at] if at < len(row) else None for column, at in places.items()}
        for row in rows[1:]
        if any(row)
    ]
