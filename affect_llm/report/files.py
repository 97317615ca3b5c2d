"""Write a file whole or not at all."""

import os
from pathlib import Path

from affect_llm.errors import ConfigError


def check_target(target: Path) -> None:
    """See that a report can be written at `target`, before the work is done.

    Raises:
        ConfigError: its folder is missing or closed to us, or it is a folder itself.
    """
    folder = target.parent
    if not folder.is_dir():
        raise ConfigError(
            f"The report {target} cannot be written: there is no folder {folder}. Make it first."
        )
    if target.is_dir():
        raise ConfigError(f"The report {target} is a folder; name a file, such as {target}/r.html.")
    if not os.access(folder, os.W_OK):
        raise ConfigError(f"The report {target} cannot be written: {folder} may not be changed.")


def write_atomically(target: Path, text: str) -> None:
    """Write `text` as UTF-8 beside `target`, then rename it into place.

    Raises:
        ConfigError: the disk is full or the folder cannot be written.
    """
    scratch = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        scratch.write_text(text, encoding="utf-8", errors="replace")
        scratch.replace(target)
    except OSError as error:
        raise ConfigError(f"The report {target} cannot be written: {error.strerror}.") from error
    finally:
        scratch.unlink(missing_ok=True)
