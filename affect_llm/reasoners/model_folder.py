"""Where a checkpoint lies, and the packages that one needs."""

from importlib.util import find_spec
from pathlib import Path

from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.store.pretrained import NEEDED, first_line


def require_packages() -> None:
    """Refuse to go on without the packages that a language model needs.

    Raises:
        MissingExtra: one of them is not installed.
    """
    for package in ("torch", "transformers", "safetensors", "llguidance"):
        if find_spec(package) is None:
            raise MissingExtra("a local language model", "llm")


def locate(source: str, patterns: tuple[str, ...] = NEEDED) -> tuple[Path, str]:
    """The checkpoint's folder, fetched by the hub's client for an id, and its `name@revision`.

    Raises:
        WeightsError: the hub has no such repository or cannot be reached.
    """
    folder = Path(source)
    if folder.is_dir():
        return folder, f"{folder.resolve().name}@local"
    from huggingface_hub import snapshot_download

    try:
        fetched = Path(snapshot_download(source, allow_patterns=list(patterns)))
    except (OSError, ValueError) as error:
        raise WeightsError(unloadable(source, error)) from error
    return fetched, f"{source}@{fetched.name[:12]}"


def unloadable(source: str, error: Exception) -> str:
    """The sentence for a model that cannot be loaded."""
    return (
        f"The model '{source}' cannot be loaded: {first_line(error)}. Give a folder with "
        "config.json, tokenizer.json and *.safetensors, or a hub id that is reachable."
    )
