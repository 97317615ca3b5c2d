"""The file of a report: whether it can be written, before the work and after it."""

import os
from pathlib import Path

from affect_llm.errors import ConfigError
from affect_llm.files import write_whole


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


def write_report(target: Path, text: str) -> None:
    """Write the report, whole or not at all.

    Raises:
        ConfigError: the disk is full or the folder cannot be written.
    """
    try:
        write_whole(target, text)
    except OSError as error:
        raise ConfigError(f"The report {target} cannot be written: {error.strerror}.") from error
