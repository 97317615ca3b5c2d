"""Where the weights lie, and the cheap question whether one is there.

The store is content-addressed: `blobs/<sha256>` holds the bytes, `entries/<name>/<file>` links to
them under the names that loaders expect, and `stamps/<name>.json` says what was verified. An
entry is present when its stamp is written, which is the last thing to happen.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from affect_llm.errors import WeightsError
from affect_llm.files import user_cache
from affect_llm.store.entries import SHA256, entry
from affect_llm.types import Model

STORE_VARIABLE = "AFFECT_LLM_STORE"


class StampedFile(Model):
    """A file as it was when its hash was last computed; pinned where its hash is published."""

    path: str
    sha256: str = Field(pattern=SHA256)
    size: int
    pinned: bool


class Stamp(Model):
    """The record that an entry is complete and was hashed."""

    schema_version: Literal["affect-llm/stamp@1"] = "affect-llm/stamp@1"
    name: str
    revision: str
    files: tuple[StampedFile, ...]

    def sha256_of(self, path: str) -> str | None:
        """The recorded hash of a file; None where there is none."""
        return next((f.sha256 for f in self.files if f.path == path), None)


def store_root() -> Path:
    """The store's folder: `$AFFECT_LLM_STORE`, else `store` in the user's cache folder."""
    return user_cache("store", STORE_VARIABLE)


def blob_path(sha256: str) -> Path:
    """Where bytes with this hash lie."""
    return store_root() / "blobs" / sha256


def folder_of(name: str) -> Path:
    """The folder that shows an entry's files under their own names."""
    return store_root() / "entries" / name


def stamp_path(name: str) -> Path:
    """Where the stamp of an entry lies."""
    return store_root() / "stamps" / f"{name}.json"


def read_stamp(name: str) -> Stamp | None:
    """The stamp of an entry; None when there is none that can be read."""
    try:
        return Stamp.model_validate_json(stamp_path(name).read_bytes())
    except (OSError, ValidationError):
        return None


def locate(name: str) -> Path | None:
    """The file (or folder, for a checkpoint of several files) of an entry, None if not present.

    Cheap: it looks at the stamp and at the sizes, and hashes nothing.

    Raises:
        UnknownComponent: no entry of that name.
    """
    wanted = entry(name)
    stamp = read_stamp(name)
    if stamp is None or stamp.revision != wanted.revision:
        return None
    stamped = {f.path: f.sha256 for f in stamp.files}
    if not all(f.path in stamped and f.sha256 in (None, stamped[f.path]) for f in wanted.files):
        return None  # the table asks for other bytes than it did when these were stamped
    folder = folder_of(name)
    if not all(_has_size(folder / f.path, f.size) for f in stamp.files):
        return None
    return folder / wanted.files[0].path if wanted.kind == "file" else folder


def require(name: str) -> Path:
    """The file or folder of an entry, as `locate` finds it, which must be there.

    Raises:
        UnknownComponent: no entry of that name.
        WeightsError: not in the store; the message gives the command that gets it.
    """
    path = locate(name)
    if path is None:
        raise WeightsError(
            f"The weights '{name}' are not in the store {store_root()}. {remedy(name)}"
        )
    return path


def remedy(name: str) -> str:
    """The sentence that says how to get an entry."""
    return (
        f"Get them with: affect-llm models pull {name}; or, from a file you already have: "
        "affect-llm models import FILE."
    )


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
