"""Any file of predictions or gold labels → a table, recognised by its content."""

from collections.abc import Collection
from pathlib import Path

from affect_llm.errors import DataError
from affect_llm.evaluation.tables.delimited import read_delimited
from affect_llm.evaluation.tables.json_lines import read_json_lines
from affect_llm.evaluation.tables.table import Table, file_bytes

_ZIP = b"PK\x03\x04"
_REFUSED = {
    b"\x93NUMPY": "is a single NumPy array; give CSV, JSON lines or npz",
    b"\x80": "looks like a pickle, which is never opened; give CSV",
    b"\xff\xfe": "is UTF-16; save it as UTF-8",
    b"\xfe\xff": "is UTF-16; save it as UTF-8",
}
"""First bytes of files that are not read, and what to do."""


def read_file(path: Path, what: str, wanted: Collection[str]) -> Table:
    """The table in a file: CSV, TSV, JSON lines or one of the official `.npz` layouts.

    Nothing in it is ever run: pickles are refused, or read as data by
    `affect_llm.labels.official`.

    Args:
        path: the file; its name does not matter.
        what: it is called in messages ("gold file").
        wanted: column names that help to tell a comma from a semicolon.

    Raises:
        DataError: it is not such a file; the message says why and what to do.
    """
    data = file_bytes(path, what)
    if data.startswith(_ZIP):
        from affect_llm.evaluation.tables.archive import read_archive

        return read_archive(path)
    problem = next((words for start, words in _REFUSED.items() if data.startswith(start)), None)
    if problem is not None:
        raise DataError(f"The {what} {path} {problem}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"The {what} {path} is not UTF-8 text: line {line}, byte {data[error.start]:#04x}. "
            "Save it as UTF-8."
        ) from error
    if not text.strip():
        raise DataError(f"The {what} {path} is empty.")
    if text.lstrip().startswith("{"):
        return read_json_lines(path, text)
    if text.lstrip().startswith("["):
        raise DataError(f"The {what} {path} is a JSON array; write one JSON object a line instead.")
    return read_delimited(path, text, wanted)
