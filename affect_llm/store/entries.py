"""What the store knows by name: where a weight comes from, what it may be used for, its hash."""

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import Field

from affect_llm.errors import UnknownComponent
from affect_llm.registry import unknown_name
from affect_llm.types import Model

SHA256 = r"^[0-9a-f]{64}$"
SUFFIXES = (".safetensors", ".onnx", ".task", ".pt", ".json", ".txt")
"""What an entry may consist of; nothing here is ever unpickled by the store."""


class EntryFile(Model):
    """One file of an entry.

    Args:
        path: where it lies in the entry's folder, relative, with its original name.
        url: where `pull` gets it.
        sha256: hexadecimal; None when nobody of us has seen it, and the file is then unpinned.
        size: bytes; None when unknown.
    """

    path: str
    url: str
    sha256: str | None = Field(default=None, pattern=SHA256)
    size: int | None = Field(default=None, gt=0)


class Entry(Model):
    """A weight by name.

    Args:
        kind: "file" for a single file, "folder" for a checkpoint of several.
        purpose: what it is for, as a noun phrase.
        revision: version, tag or commit that the URLs are fixed to.
        licence: SPDX id, with a remark where it needs one.
        extra: the extra of `affect_llm` that uses it.
    """

    name: str
    kind: Literal["file", "folder"]
    purpose: str
    source: str
    revision: str
    licence: str
    extra: str
    files: tuple[EntryFile, ...] = Field(min_length=1)

    @property
    def pinned(self) -> bool:
        """Whether every file has a known hash."""
        return all(f.sha256 is not None for f in self.files)

    @property
    def size(self) -> int | None:
        """Bytes of all files; None when one of them is unknown."""
        sizes = [f.size for f in self.files if f.size is not None]
        return sum(sizes) if len(sizes) == len(self.files) else None

    def file(self, path: str) -> EntryFile | None:
        """The file at `path`, if the entry has it."""
        return next((f for f in self.files if f.path == path), None)


@cache
def entries() -> dict[str, Entry]:
    """Every entry by name, in the order of the table."""
    table = yaml.safe_load(_read_table())
    return {name: Entry(name=name, **_with_urls(values)) for name, values in table.items()}


def entry(name: str) -> Entry:
    """The entry called `name`.

    Raises:
        UnknownComponent: no such entry; the message lists those there are.
    """
    known = entries()
    if name not in known:
        raise UnknownComponent(unknown_name("weights", name, known))
    return known[name]


def _read_table() -> str:
    return files("affect_llm.store").joinpath("entries.yaml").read_text("utf-8")


def _with_urls(values: dict[str, object]) -> dict[str, object]:
    """Fill in each file's URL from the entry's `base`, where it gives none itself."""
    base = values.pop("base", "")
    rows = values["files"]
    if not isinstance(rows, list):
        raise TypeError(f"entries.yaml: files must be a list, got {rows!r}")
    filled = [{"url": f"{base}/{row['path']}", **row} for row in rows]
    return {**values, "files": filled}
