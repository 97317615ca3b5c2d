"""What a run keeps on disk, so that a killed one goes on: whole files only."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from affect_llm.errors import WeightsError
from affect_llm.files import write_whole
from affect_llm.store.pretrained import first_line

LEARNED_FILE = "learned.safetensors"
STATE_FILE = "trainer_state.json"
"""The transformers `Trainer` writes this last: a checkpoint without it was cut short."""


def write_learned(path: Path, state: Mapping[str, Any]) -> None:
    """Write trained weights as safetensors, whole or not at all."""
    from safetensors.torch import save

    write_whole(path, save(dict(state), metadata={"format": "pt"}))


def read_learned(path: Path) -> dict[str, Any]:
    """Read the weights that `write_learned` wrote.

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
    whole = [
        (int(number), path)
        for path in folder.glob("checkpoint-*")
        if (number := path.name.partition("-")[2]).isdigit() and (path / STATE_FILE).is_file()
    ]
    return max(whole, default=(0, None))[1]
