"""The folder of a run beside what it makes: what it was started with, and how far it has come."""

import shutil
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from affect_llm.errors import ConfigError
from affect_llm.files import write_whole
from affect_llm.training.loop.checkpoints import LEARNED_FILE, last_checkpoint
from affect_llm.types import Model

START_FILE = "asked.json"
"""What was asked for; runs that older versions started have it under this name too."""


class RunStart(Model):
    """What a run was started with: it goes on with the same or not at all.

    Args:
        settings: by name, as JSON has them.
        data: sha256 of what it learns from.
    """

    settings: dict[str, Any]
    data: str


def digest(lines: Collection[str]) -> str:
    """The sha256 of the lines that describe a run's data."""
    return sha256("\n".join(lines).encode()).hexdigest()


def workplace(out: Path) -> Path:
    """Where a run keeps its checkpoints until `out` is written."""
    return out.with_name(f"{out.name}.run")


def begin(
    out: Path, start: RunStart, *, free: Collection[str], resume: bool, restart: bool
) -> Path:
    """The run's folder, ready to be worked in.

    Args:
        out: folder to come.
        start: of this run.
        free: settings that may change when a run goes on: they do not change what it learns.
        resume: go on with the run that is there, if there is one.
        restart: throw it away.

    Raises:
        ConfigError: a run is there and nobody said what to do, or it was started with other
            settings or data.
    """
    folder = workplace(out)
    if restart or not _worth_keeping(folder):
        shutil.rmtree(folder, ignore_errors=True)
    if _worth_keeping(folder):
        if not resume:
            raise ConfigError(
                f"There is an unfinished run in {folder}. Go on with it (--resume), or throw it "
                "away (--restart)."
            )
        _require_same(folder / START_FILE, start, free)
    write_whole(folder / START_FILE, start.model_dump_json(indent=2).encode())
    return folder


def finish(out: Path) -> None:
    """Remove the run's folder; `out` holds all that is worth keeping."""
    shutil.rmtree(workplace(out), ignore_errors=True)


def require_free(out: Path, what: str, marker: str) -> None:
    """Refuse to write over anything but what a run has made before.

    Args:
        out: folder to come.
        what: "adapter", "model".
        marker: file that shows one.

    Raises:
        ConfigError: `out` is a file, or holds something else.
    """
    if out.is_file():
        raise ConfigError(f"{out} is a file. Name a folder for the {what}.")
    if out.is_dir() and any(out.iterdir()) and not (out / marker).is_file():
        raise ConfigError(f"{out} holds something that is no {what}. Name another folder.")


def _worth_keeping(folder: Path) -> bool:
    """Whether any stage has come as far as a checkpoint."""
    stages = list(folder.glob("stage-*"))
    return any(last_checkpoint(s) is not None or (s / LEARNED_FILE).is_file() for s in stages)


def _require_same(file: Path, start: RunStart, free: Collection[str]) -> None:
    try:
        before = RunStart.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(
            f"The run in {file.parent} was not started by this version. Begin anew (--restart)."
        ) from error
    if before.data != start.data:
        raise ConfigError(
            f"The run in {file.parent} was started with other data. Give it the same, or begin "
            "anew (--restart)."
        )
    names = (before.settings.keys() | start.settings.keys()) - set(free)
    changed = [n for n in sorted(names) if before.settings.get(n) != start.settings.get(n)]
    if changed:
        raise ConfigError(
            f"The run in {file.parent} was started with another {' and '.join(changed)}. Use the "
            "same settings, or begin anew (--restart)."
        )
