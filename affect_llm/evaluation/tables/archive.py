"""The official `.npz` layouts, read without running a pickle.

Predictions: `name2reason` (a dictionary name → text), or `filenames` with `fileitems` (printed
label lists, lists of labels, or sentiments). Labels: one dictionary name → {emo, val} for each
part of a corpus.
"""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from affect_llm.errors import DataError
from affect_llm.evaluation.tables.table import Cell, Table
from affect_llm.labels.official.plain_arrays import read_plain_npz

_SENTIMENTS = frozenset({"positive", "negative", "neutral"})
_LAYOUTS = "'name2reason', 'filenames' with 'fileitems', or dictionaries name → {emo, val}"


def read_archive(path: Path) -> Table:
    """The rows of an `.npz` file.

    Columns are name and, by layout, reason; openset or sentiment; or emo, val and part.

    Raises:
        DataError: not such a file, or its pickles hold more than plain values.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} begins like a zip file and is damaged: {error}.") from error
    if any(name.startswith("xl/") for name in names):
        raise DataError(f"{path} is a spreadsheet; save it as CSV (UTF-8).")
    columns = _columns(path, read_plain_npz(path))
    count = len(columns["name"])
    if count == 0:
        raise DataError(f"{path} holds no rows.")
    return Table(path, "npz", columns, range(1, count + 1))


def _columns(path: Path, arrays: Mapping[str, object]) -> Mapping[str, Sequence[Cell]]:
    if "name2reason" in arrays:
        reasons = arrays["name2reason"]
        if not isinstance(reasons, dict):
            raise DataError(
                f"{path}: the array 'name2reason' is no dictionary. Known layouts: {_LAYOUTS}."
            )
        reasons = {str(name): reason for name, reason in reasons.items()}
        return {"name": list(reasons), "reason": list(reasons.values())}
    if not {"filenames", "fileitems"} <= arrays.keys():
        return _labels(path, arrays)
    files, items = _row(path, "filenames", arrays), _row(path, "fileitems", arrays)
    if len(files) != len(items):
        raise DataError(f"{path} has {len(files)} file names and {len(items)} items.")
    sentiment = all(isinstance(item, str) and item.lower() in _SENTIMENTS for item in items)
    return {"name": files, "sentiment" if sentiment else "openset": items}


def _row(path: Path, name: str, arrays: Mapping[str, object]) -> Sequence[Cell]:
    row = arrays[name]
    if not isinstance(row, list):
        raise DataError(f"{path}: '{name}' is no row of texts or lists.")
    return row


def _labels(path: Path, arrays: Mapping[str, object]) -> dict[str, Sequence[Cell]]:
    columns: dict[str, list[Cell]] = {"name": [], "part": [], "emo": [], "val": []}
    for part, value in arrays.items():
        if not isinstance(value, dict):
            raise DataError(
                f"{path} holds '{part}', which is none of the known layouts: {_LAYOUTS}."
            )
        for name, labels in value.items():
            if not isinstance(labels, dict):
                raise DataError(f"{path}: the labels of '{name}' in '{part}' are no dictionary.")
            row = {"emo": labels.get("emo"), "val": labels.get("val")}
            for column, cell in {"name": str(name), "part": part, **row}.items():
                columns[column].append(cell)
    return {name: cells for name, cells in columns.items() if any(c is not None for c in cells)}
