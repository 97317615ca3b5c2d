"""Features that were computed before, by what they depend on; the oldest go when it gets full."""

import json
import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from affect_llm.files import user_cache, write_whole
from affect_llm.types import Features, Modality

CACHE_VARIABLE = "AFFECT_LLM_FEATURES"
FORMAT = "affect-llm/features@1"
MAX_BYTES = 4 * 1024**3
"""Room for a million rows of a thousand numbers."""

_OURS = re.compile(r"[0-9a-f]{64}\.safetensors|\.?[0-9a-f]{32}\.part")
"""What may be removed: features, and what a process that died was writing."""
_METADATA: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


def cache_root() -> Path:
    """`$AFFECT_LLM_FEATURES`, else `features` in the user's cache folder."""
    return user_cache("features", CACHE_VARIABLE)


class FeatureCache:
    """A folder of safetensors files, bounded in size, least recently used out first.

    A file is written beside its place and then renamed, so nobody reads half of one; one that
    cannot be read counts as not there and is removed. Several processes may share the folder.

    Args:
        folder: None for `cache_root()`.
        max_bytes: of all files together; a track that is larger alone is not kept.
    """

    def __init__(self, folder: Path | None = None, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder or cache_root()
        self.max_bytes = max_bytes

    def get(self, key: str, source: str) -> Features | None:
        """What `put` kept for this clip and encoder, bit for bit."""
        path = self._path(key, source)
        try:
            features = _read(path)
        except OSError:  # not there, or not to be read: computed again
            return None
        except (ValueError, KeyError):
            _remove(path)
            return None
        if features.source != source:
            return None
        with suppress(OSError):
            os.utime(path)
        return features

    def put(self, key: str, features: Features) -> None:
        """Keep features; absent ones are not kept, because what is missing may be mended.

        A disk that is full or read-only is no reason to lose the features: nothing is kept then.
        """
        from safetensors.numpy import save

        if features.absent is not None:
            return
        notes = {"format": FORMAT, "modality": features.modality.value, "source": features.source}
        arrays = {"array": features.array, "times_s": features.times_s}
        packed = save({n: np.ascontiguousarray(a) for n, a in arrays.items()}, metadata=notes)
        try:
            write_whole(self._path(key, features.source), packed, durable=False)
        except OSError:
            return
        self._shrink()

    def _path(self, key: str, source: str) -> Path:
        name = sha256(f"{FORMAT}\n{source}\n{key}".encode()).hexdigest()
        return self.folder / f"{name}.safetensors"

    def _shrink(self) -> None:
        files: list[tuple[int, int, Path]] = []
        for path in self.folder.iterdir():
            with suppress(OSError):  # another process may be faster
                if _OURS.fullmatch(path.name):
                    status = path.stat()
                    files.append((status.st_mtime_ns, status.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self.max_bytes:
                return
            _remove(path)
            total -= size


def _read(path: Path) -> Features:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    raw = path.read_bytes()
    try:
        tensors = load(raw)
        # A safetensors file begins with 8 bytes of length and a JSON header.
        header = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])
        notes = _METADATA.validate_python(header.get("__metadata__", {}))
    except (SafetensorError, ValidationError) as error:
        raise ValueError(f"{path} is not a file of features") from error
    if notes.get("format") != FORMAT or set(tensors) != {"array", "times_s"}:
        raise ValueError(f"{path} is not a file of features")
    return Features(
        Modality(notes["modality"]), tensors["array"], tensors["times_s"], notes["source"]
    )


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
