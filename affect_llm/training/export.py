"""A trained model in the formats of other programs."""

from pathlib import Path

from affect_llm.adapters.folder import MANIFEST_FILE
from affect_llm.errors import CapabilityError, ConfigError
from affect_llm.registry import unknown_name
from affect_llm.training.merge import merge_adapter

FORMATS = ("safetensors", "gguf")


def export_model(
    source: Path, out: Path, form: str, *, base: str | None = None, dtype: str = "auto"
) -> Path:
    """Write an adapter as merged safetensors.

    GGUF is not written here. The package `gguf` has a writer of files and no converter of models;
    the one repackaged converter on the Python index is nobody's that the format's authors name.

    Args:
        source: an adapter's folder; a checkpoint's is safetensors already.
        out: new folder.
        form: one of `FORMATS`.
        base: as in `merge_adapter`.
        dtype: as in `merge_adapter`.

    Raises:
        ConfigError: an unknown format, or there is nothing to do.
        CapabilityError: GGUF, with what to do instead.
        WeightsError: see `merge_adapter`.
    """
    if form not in FORMATS:
        raise ConfigError(unknown_name("formats", form, FORMATS))
    adapter = (source / MANIFEST_FILE).is_file()
    if form == "gguf":
        merged = f"affect-llm train merge {source} --out MERGED, and then " if adapter else ""
        raise CapabilityError(
            f"GGUF is not written here. Run {merged}llama.cpp's own convert_hf_to_gguf.py on "
            f"{'MERGED' if adapter else source}. "
            "It must know the model's tokenizer, and the embedded model's is one of its own."
        )
    if not adapter:
        raise ConfigError(f"{source} holds no adapter; a checkpoint is safetensors as it is.")
    return merge_adapter(source, out, base=base, dtype=dtype).checkpoint
