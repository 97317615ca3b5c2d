"""What a folder from `save_pretrained` has to pass: safetensors only, every key in its place."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from affect_llm.errors import WeightsError
from affect_llm.store.digests import sha256_of

NEEDED = ("*.json", "*.jinja", "*.model", "*.txt", "*.safetensors")
"""What is fetched of a repository on a hub; pickles never are."""
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_KINDS = ("missing_keys", "unexpected_keys", "mismatched_keys")


def weight_files(folder: Path) -> list[Path]:
    """The safetensors in `folder`, sorted.

    Raises:
        WeightsError: there are none, or only pickled weights.
    """
    files = sorted(folder.glob("*.safetensors"))
    if files:
        return files
    pickled = sorted(f.name for f in folder.iterdir() if f.suffix in _PICKLES)
    contents = f"only pickled weights ({', '.join(pickled)})" if pickled else "no weights"
    raise WeightsError(
        f"The folder {folder} holds {contents}; only *.safetensors is loaded, because a pickle can "
        "run code. Convert it where you trust it, with save_pretrained(…)."
    )


def weights_hash(files: Iterable[Path]) -> str:
    """First 12 hex digits of the file's sha256; several files count by their joined digests."""
    digests = [sha256_of(file) for file in sorted(files)]
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode())
    return (whole if isinstance(whole, str) else whole.hexdigest())[:12]


def require_whole(
    source: str | Path,
    report: Mapping[str, Any],
    excused: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Refuse a model that was loaded in part.

    Args:
        source: folder or name, for the message.
        report: transformers' `output_loading_info`.
        excused: "missing_keys" or "unexpected_keys" → prefixes of keys that may be.

    Raises:
        WeightsError: a key is missing, unexpected or of the wrong shape.
    """
    for kind in _KINDS:
        allowed = tuple((excused or {}).get(kind, ()))
        keys = sorted(str(key) for key in report[kind] if not str(key).startswith(allowed))
        if keys:
            raise WeightsError(
                f"The weights of '{source}' do not fit its config.json: {len(keys)} "
                f"{kind.replace('_', ' ')}, the first '{keys[0]}'. Get the checkpoint again."
            )


def first_line(error: Exception) -> str:
    """The first line of a library's message, without full stop, to quote in our sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200].rstrip(".")


@contextmanager
def quietly() -> Iterator[None]:
    """Silence transformers' remarks and progress bars inside the block."""
    import transformers

    logging: Any = transformers.utils.logging
    level = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        logging.enable_progress_bar()
