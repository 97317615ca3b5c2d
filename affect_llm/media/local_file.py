"""Which paths may be opened, and their identity."""

import hashlib
import stat
from pathlib import Path

from affect_llm.config import MediaLimits
from affect_llm.errors import MediaError


def checked(path: Path, limits: MediaLimits) -> Path:
    """The absolute path of a regular, non-empty file within `limits.max_bytes`.

    Raises:
        MediaError: missing, a directory, a device or a pipe, empty, too large, not readable.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise MediaError(f"{path} cannot be opened: {reason}; give a local file.") from error
    if stat.S_ISDIR(status.st_mode):
        raise MediaError(f"{path} is a directory; give the files in it.")
    if not stat.S_ISREG(status.st_mode):
        raise MediaError(f"{path} is not a regular file; save it to disk first.")
    if status.st_size == 0:
        raise MediaError(f"{path.name} is empty.")
    if status.st_size > limits.max_bytes:
        raise MediaError(
            f"{path.name} has {status.st_size} bytes, and {limits.max_bytes} are allowed; cut it, "
            "or raise limits.max_bytes."
        )
    return path.resolve()


def sha256(path: Path) -> str:
    """Hexadecimal sha256 of the file's bytes.

    Raises:
        MediaError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MediaError(f"{path.name} cannot be read: {error.strerror}.") from error
