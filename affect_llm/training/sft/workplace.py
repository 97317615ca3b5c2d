"""The folder of a fine-tuning run, beside its adapter."""

from pathlib import Path

from affect_llm.adapters.folder import MANIFEST_FILE
from affect_llm.training.loop import workplace
from affect_llm.training.loop.workplace import Asked, digest, require_free
from affect_llm.training.sft.rows import Rows
from affect_llm.training.sft.settings import SftSettings

_FREE = {"device", "save_steps", "score_batch", "licences"}
"""Settings that may change when a run goes on: they do not change what it learns."""


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
    require_free(out, "adapter", MANIFEST_FILE)
    data = digest([row.model_dump_json() for row in rows.rows])
    asked = Asked(settings=settings.model_dump(mode="json"), data=data)
    return workplace.begin(out, asked, free=_FREE, resume=resume, restart=restart)
