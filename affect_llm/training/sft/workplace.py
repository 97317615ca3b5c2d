"""The folder of a run beside its adapter: what it was asked, and how far it has come."""

import shutil
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from affect_llm.adapters.folder import MANIFEST_FILE
from affect_llm.errors import ConfigError
from affect_llm.training.loop.keeping import LEARNED_FILE, last_checkpoint, write_whole
from affect_llm.training.sft.rows import Rows
from affect_llm.training.sft.settings import SftSettings
from affect_llm.types import Model

ASKED_FILE = "asked.json"
_FREE = {"device", "save_steps", "score_batch", "licences"}
"""Settings that may change when a run goes on: they do not change what it learns."""


class Asked(Model):
    """What a run was started with."""

    settings: SftSettings
    rows: str


def workplace(out: Path) -> Path:
    """Where a run keeps its checkpoints until the adapter is written."""
    return out.with_name(f"{out.name}.run")


def begin(out: Path, settings: SftSettings, rows: Rows, *, resume: bool, restart: bool) -> Path:
    """The run's folder, ready to be worked in.

    Args:
        out: folder of the adapter to come.
        settings: of the run.
        rows: that it is given.
        resume: go on with the run that is there, if there is one.
        restart: throw it away.

    Raises:
        ConfigError: `out` holds something else; a run is there and nobody said what to do; or it
            was started with other settings or rows.
    """
    _require_free(out)
    folder = workplace(out)
    asked = Asked(settings=settings, rows=_digest(rows))
    if restart or not _worth_keeping(folder):
        shutil.rmtree(folder, ignore_errors=True)
    if _worth_keeping(folder):
        if not resume:
            raise ConfigError(
                f"There is an unfinished run in {folder}. Go on with it (--resume), or throw it "
                "away (--restart)."
            )
        _require_same(folder / ASKED_FILE, asked)
    write_whole(folder / ASKED_FILE, asked.model_dump_json(indent=2).encode())
    return folder


def _worth_keeping(folder: Path) -> bool:
    """Whether any stage has come as far as a checkpoint."""
    stages = list(folder.glob("stage-*"))
    return any(last_checkpoint(s) is not None or (s / LEARNED_FILE).is_file() for s in stages)


def finish(out: Path) -> None:
    """Remove the run's folder; the adapter holds all that is worth keeping."""
    shutil.rmtree(workplace(out), ignore_errors=True)


def _require_free(out: Path) -> None:
    if out.is_file():
        raise ConfigError(f"{out} is a file. Name a folder for the adapter.")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST_FILE).is_file():
        raise ConfigError(f"{out} holds something that is no adapter. Name another folder.")


def _require_same(file: Path, asked: Asked) -> None:
    try:
        before = Asked.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(
            f"The run in {file.parent} was not started by this version. Begin anew (--restart)."
        ) from error
    if before.rows != asked.rows:
        raise ConfigError(
            f"The run in {file.parent} was started with other rows. Give it the same file, or "
            "begin anew (--restart)."
        )
    now = asked.settings.model_dump(exclude=_FREE)
    changed = [k for k, v in before.settings.model_dump(exclude=_FREE).items() if now[k] != v]
    if changed:
        raise ConfigError(
            f"The run in {file.parent} was started with another {' and '.join(changed)}. Use the "
            "same settings, or begin anew (--restart)."
        )


def _digest(rows: Rows) -> str:
    text = "\n".join(row.model_dump_json() for row in rows.rows)
    return sha256(text.encode()).hexdigest()
