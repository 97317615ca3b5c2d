"""Opening transformers checkpoints for encoding: safetensors only, every key in its place."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affect_llm.encoders.encoder import EncoderOptions
from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.store.cache import require
from affect_llm.store.entries import entries
from affect_llm.store.pretrained import (
    NEEDED,
    first_line,
    quietly,
    require_whole,
    weight_files,
    weights_hash,
)

TASK_HEADS = {
    "hubert": ("lm_head.", "projector.", "classifier.", "layer_weights"),
    "wav2vec2": (
        "lm_head.", "quantizer.", "project_q.", "project_hid.", "projector.", "classifier.",
        "layer_weights",
    ),
    "wavlm": ("lm_head.", "quantizer.", "project_q.", "project_hid.", "projector.", "classifier."),
    "dinov2": ("classifier.",),
    "bert": ("cls.", "classifier."),
    "roberta": ("lm_head.", "classifier."),
    "xlm-roberta": ("lm_head.", "classifier."),
    "distilbert": ("vocab_projector.", "vocab_transform.", "vocab_layer_norm."),
}  # fmt: skip
"""Tensors of training heads that lie beside an encoder's own and that no feature depends on."""


class CheckpointOptions(EncoderOptions):
    """What encoders can be told that open a checkpoint.

    Args:
        checkpoint: a folder, a name in the store, or a hub id.
    """

    checkpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A model of a checkpoint, in eval mode.

    Args:
        model: of transformers, on its device.
        folder: where it came from.
        weights: `name-hash`, the hash being the first 12 digits over all weight files.
    """

    model: Any
    folder: Path
    weights: str


def locate_checkpoint(asked: str | None, default: str | None, wanted: str) -> Path:
    """The folder in which a checkpoint lies.

    Args:
        asked: a folder, a name in the store, or a hub id (fetched by the hub's own client).
        default: the store's entry when nothing was asked for; None if there is none.
        wanted: what it is for, as a noun phrase for the message ("a HuBERT").

    Raises:
        WeightsError: nothing asked for and no default, not in the store, or not reachable.
    """
    name = asked or default
    if name is None:
        raise WeightsError(
            f"{wanted} needs a checkpoint, and none comes with the package: give "
            "checkpoint=FOLDER (config.json, model.safetensors and its processor's files)."
        )
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if name in entries():
        path = require(name)
        return path if path.is_dir() else path.parent
    return _fetched(name, wanted)


def load_strictly(
    folder: Path,
    model_types: tuple[str, ...],
    model_class: Any = None,
    *,
    heads: tuple[str, ...] | None = None,
    unread: tuple[str, ...] = (),
) -> Opened:
    """The model in `folder`, opened only if every tensor has its place.

    Args:
        folder: with config.json and *.safetensors.
        model_types: allowed values of `model_type` in config.json; empty for any.
        model_class: a transformers class in place of `AutoModel`'s choice.
        heads: prefixes of tensors that may lie in the file unused; None for `TASK_HEADS`.
        unread: prefixes of parts of the model that may be missing, as no feature reads them.

    Raises:
        MissingExtra: transformers is not installed.
        WeightsError: another kind of model, pickled weights only, corrupt files, or keys that
            are missing, unexpected or of the wrong shape.
    """
    try:
        import transformers
        from safetensors import SafetensorError
    except ImportError as error:
        raise MissingExtra("an encoder of transformers", "llm") from error
    config = load_part(transformers.AutoConfig, folder, trust_remote_code=False)
    if model_types and config.model_type not in model_types:
        raise WeightsError(
            f"The checkpoint {folder} is a '{config.model_type}', and this encoder opens "
            f"{' or '.join(model_types)}."
        )
    files = weight_files(folder)
    loader: Any = model_class or transformers.AutoModel
    try:
        with quietly():
            model, report = loader.from_pretrained(
                folder,
                dtype="float32",
                use_safetensors=True,
                trust_remote_code=False,
                local_files_only=True,
                output_loading_info=True,
            )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise WeightsError(_unloadable(folder, error)) from error
    known = TASK_HEADS.get(model.config.model_type, ()) if heads is None else heads
    require_whole(folder, report, {"unexpected_keys": known, "missing_keys": unread})
    return Opened(model.eval(), folder, f"{folder.resolve().name}-{weights_hash(files)}")


def load_part(loader: Any, folder: Path, **options: Any) -> Any:
    """A config, tokenizer or processor of a checkpoint, by its class of transformers.

    Raises:
        WeightsError: the folder holds none that opens.
    """
    try:
        return loader.from_pretrained(folder, local_files_only=True, **options)
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(_unloadable(folder, error)) from error


def _unloadable(folder: Path, error: Exception) -> str:
    return (
        f"The checkpoint {folder} cannot be opened: {first_line(error)}. Give a folder as "
        "save_pretrained writes it, with *.safetensors."
    )


def _fetched(name: str, wanted: str) -> Path:
    if name.startswith((".", "/", "~")) or name.count("/") != 1:
        raise WeightsError(
            f"{wanted} needs a checkpoint, and {name!r} is no folder, no name in the store and "
            "no hub id (owner/name)."
        )
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise MissingExtra("fetching a checkpoint", "llm") from error
    try:
        return Path(snapshot_download(name, allow_patterns=list(NEEDED)))
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"The checkpoint '{name}' could not be fetched. Download it elsewhere and give its "
            f"folder. ({str(error).splitlines()[0][:160]})"
        ) from error
