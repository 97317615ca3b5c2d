"""Cheap checks of weights that travel with the package: hashes that were written down, headers."""

import json
from pathlib import Path

from affect_llm.errors import WeightsError
from affect_llm.store.digests import sha256_of
from affect_llm.store.shipped import shipped
from affect_llm.types import Model

SUMS = "SHA256SUMS"
"""The file beside the weights that `sha256sum * > SHA256SUMS` writes."""
_LONGEST_HEADER = 100_000_000
"""Bytes of a safetensors header at most, as the format's own reader has it."""


class ShippedWeights(Model):
    """The state of one shipped weight.

    Args:
        files: file name → sha256 as it is now.
        problems: one sentence each; empty when all is well.
    """

    name: str
    files: dict[str, str]
    problems: tuple[str, ...]


def inspect_shipped(name: str) -> ShippedWeights:
    """Hash the files of a shipped weight, compare with its `SHA256SUMS`, read its headers."""
    try:
        folder = shipped(name)
    except WeightsError as error:
        return ShippedWeights(name=name, files={}, problems=(str(error),))
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != SUMS)
    files = {str(path.relative_to(folder)): sha256_of(path) for path in paths}
    problems = [
        *_against_sums(folder, files),
        *(p for path in paths if (p := tensor_problem(path))),
    ]
    if not any(path.suffix == ".safetensors" for path in paths):
        problems.append(f"{folder} holds no .safetensors file.")
    return ShippedWeights(name=name, files=files, problems=tuple(problems))


def tensor_problem(path: Path) -> str | None:
    """Why a safetensors file cannot be whole; None when its header and its length agree.

    Source: the format's description (8 bytes of header length, JSON header with byte offsets).
    """
    if path.suffix != ".safetensors":
        return None
    size = path.stat().st_size
    try:
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if not 2 <= length <= min(size, _LONGEST_HEADER):
                raise ValueError("its header has no sensible length")
            header = json.loads(stream.read(length))
        ends = [t["data_offsets"][1] for key, t in header.items() if key != "__metadata__"]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        return f"{path.name} is not a safetensors file: {error}."
    expected = 8 + length + max(ends, default=0)
    if expected == size:
        return None
    return f"{path.name} has {size} bytes, its header says {expected}."


def _against_sums(folder: Path, files: dict[str, str]) -> list[str]:
    sums = folder / SUMS
    if not sums.is_file():
        return []
    lines = [line.split(None, 1) for line in sums.read_text().splitlines() if line.strip()]
    wanted = {line[-1].strip().lstrip("*./"): line[0] for line in lines}
    return [
        f"{name} is missing or is not the file that was shipped."
        for name, digest in wanted.items()
        if files.get(name) != digest
    ]
