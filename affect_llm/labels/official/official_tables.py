"""The official tables, compiled and kept: `load_table("2025", directory)`."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Literal

from affect_llm.errors import DataError, DiskError
from affect_llm.files import user_cache, write_whole
from affect_llm.labels.official import tables_2025, tables_2026
from affect_llm.labels.official.word_tables import GroupTable, WordTables, compile_table

Edition = Literal["2025", "2026"]
_FORMAT = "affect-llm/group-table@1"
"""The format of a kept table, raised with its rules or layout: older ones are not used."""
_SOURCES: dict[str, tuple[tuple[str, ...], Callable[[Path], WordTables]]] = {
    "2025": (tables_2025.FILES, tables_2025.read_tables_2025),
    "2026": (tables_2026.FILES, tables_2026.read_tables_2026),
}
"""Edition → the files that hold its tables, and what reads them."""


def load_table(edition: Edition, directory: str | Path, cache: Path | None = None) -> GroupTable:
    """The groups of one edition, out of the cache if these very files were compiled before.

    A kept table that is damaged is made again; a cache that cannot be written to is fine.

    Args:
        edition: "2025" or "2026".
        directory: the folder with the official files.
        cache: where compiled tables are kept; the user's cache folder if None.

    Raises:
        DataError: no such edition, or a file is missing or malformed.
        MissingExtra: the reader of spreadsheets is not installed.
    """
    if edition not in _SOURCES:
        raise DataError(
            f"There is no edition {edition!r} of the official tables; there are "
            f"{' and '.join(_SOURCES)}."
        )
    files, read = _SOURCES[edition]
    folder = Path(directory)
    missing = [name for name in files if not (folder / name).is_file()]
    if missing:
        raise DataError(
            f"The {edition} word tables need {', '.join(missing)} in {folder}, which is not "
            "there; the folder is the emotion_wheel folder of the published code."
        )
    digest = hashlib.sha256(edition.encode())
    for name in files:
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    kept = (cache or user_cache("word-tables")) / f"{digest.hexdigest()}.json"
    with suppress(OSError):
        checksum, _, body = kept.read_bytes().partition(b"\n")
        if checksum.decode("latin-1") == _checksum(body):
            return GroupTable(**json.loads(body))
    table = compile_table(read(folder))
    parts = {field.name: getattr(table, field.name) for field in fields(table)}
    body = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    with suppress(DiskError):
        write_whole(kept, _checksum(body).encode() + b"\n" + body, durable=False)
    return table


def _checksum(body: bytes) -> str:
    return hashlib.sha256(_FORMAT.encode() + body).hexdigest()
