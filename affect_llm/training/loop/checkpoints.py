"""What a run keeps on disk, so that a killed one goes on: whole files only."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from affect_llm.errors import WeightsError
from affect_llm.store.pretrained import first_line

LEARNED_FILE = "learned.safetensors"
STATE_FILE = "trainer_state.json"
"""Written last by the transformers `Trainer`: a checkpoint without it was cut short."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is the old one, or all of the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_folder(folder: Path, write: Callable[[Path], object]) -> None:
    """Write a folder that is not there yet, all of it or none.

    Args:
        folder: to come.
        write: fills the folder that it is given.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{uuid4().hex}.part")
    write(part)
    os.replace(part, folder)


def write_learned(path: Path, state: Mapping[str, Any]) -> None:
    """Trained weights as safetensors."""
    from safetensors.torch import save

    write_whole(path, save(dict(state), metadata={"format": "pt"}))


def read_learned(path: Path) -> dict[str, Any]:
    """What `write_learned` wrote.

    Raises:
        WeightsError: the file is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        return dict(load(path.read_bytes()))
    except (OSError, SafetensorError) as error:
        raise WeightsError(
            f"The checkpoint {path} cannot be read: {first_line(error)}. Delete its folder and go "
            "on from the one before."
        ) from error


def last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint of a stage that was written to its end."""
    found = [
        (int(number), path)
        for path in folder.glob("checkpoint-*")
        if (number := path.name.partition("-")[2]).isdigit() and (path / STATE_FILE).is_file()
    ]
    return max(found, default=(0, None))[1]
