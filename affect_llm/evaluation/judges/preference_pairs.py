"""A file of two descriptions per clip, and which of them people prefer."""

from pathlib import Path

from affect_llm.errors import DataError
from affect_llm.evaluation.judges.preference import DescriptionPair
from affect_llm.evaluation.tables.alignment import ID_COLUMNS
from affect_llm.evaluation.tables.reader import read_file
from affect_llm.evaluation.tables.table import without_value
from affect_llm.metrics.preference import Place

_PREFERRED = ("preferred", "preference", "human", "choice", "better")
_PLACES: dict[str, Place] = {
    "first": "first", "1": "first", "a": "first", "second": "second", "2": "second", "b": "second",
}  # fmt: skip


def read_pairs(path: Path) -> list[DescriptionPair]:
    """The pairs of a CSV, TSV or JSON lines file.

    Columns: an id, "first" and "second" (or "a" and "b"), and where people were asked "preferred",
    which is "first" or "second" and may be empty.

    Raises:
        DataError: the file cannot be read, lacks a column, or a choice names neither text.
    """
    table = read_file(path, "file of pairs", ("first", "second", *_PREFERRED))
    ids = table.column(ID_COLUMNS, "the ids")
    first = table.column(("first", "a", "text1"), "the first description")
    second = table.column(("second", "b", "text2"), "the second description")
    name = table.find(_PREFERRED)
    chosen = table.columns[name] if name is not None else [None] * len(ids)
    pairs = []
    for row, (id_, a, b, choice) in enumerate(zip(ids, first, second, chosen, strict=True)):
        preferred = _PLACES.get(str(choice).strip().casefold())
        if preferred is None and not without_value(choice):
            raise DataError(
                f"{path}, {table.place(row)}: the preferred description is '{choice}', not first "
                "or second."
            )
        pairs.append(DescriptionPair(str(id_), str(a), str(b), preferred))
    return pairs
