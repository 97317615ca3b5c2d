"""Compiled word tables in the user's cache folder: JSON behind a checksum."""

import hashlib
import json
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

from affect_llm.errors import DiskError
from affect_llm.files import user_cache, write_whole
from affect_llm.labels.official.word_tables import GroupTable

FORMAT = "affect-llm/group-table@1"
"""The format of a kept table, raised with its rules or layout: older ones are not used."""


def default_cache() -> Path:
    """The folder for compiled tables in the user's cache folder."""
    return user_cache("word-tables")


def cached_table(cache: Path, key: str) -> GroupTable | None:
    """The table kept under a key; None if there is none, or it is damaged."""
    try:
        checksum, _, body = _place(cache, key).read_bytes().partition(b"\n")
    except OSError:
        return None
    if checksum.decode("latin-1") != _checksum(body):
        return None
    return GroupTable(**json.loads(body))


def keep_table(cache: Path, key: str, table: GroupTable) -> None:
    """Keeps a table for next time, whole or not at all; a folder that can't be written is fine."""
    parts = {field.name: getattr(table, field.name) for field in fields(table)}
    body = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    with suppress(DiskError):
        write_whole(_place(cache, key), _checksum(body).encode() + b"\n" + body, durable=False)


def _place(cache: Path, key: str) -> Path:
    return cache / f"{key}.json"


def _checksum(body: bytes) -> str:
    return hashlib.sha256(FORMAT.encode() + body).hexdigest()
