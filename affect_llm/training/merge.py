"""A LoRA merged into its base: one plain checkpoint that transformers and vLLM load."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affect_llm import __version__
from affect_llm.adapters.folder import (
    CALIBRATION_FILE,
    FUSION_FOLDER,
    MANIFEST_FILE,
    Adapter,
    open_adapter,
    save_adapter,
)
from affect_llm.adapters.lora import attach_lora
from affect_llm.adapters.manifest import AdapterDescription, BaseModelRef, require_base
from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, ConfigError, WeightsError
from affect_llm.files import whole_folder
from affect_llm.reasoners.local.checkpoint import Checkpoint, open_checkpoint
from affect_llm.reasoners.registry import reasoner_spec
from affect_llm.reasoners.spec import TRANSFORMERS
from affect_llm.registry import unknown_name
from affect_llm.store.pretrained import weight_files, weights_hash
from affect_llm.store.shipped import shipped

FORMATS = ("safetensors", "gguf")
DTYPES = ("auto", "float32", "bfloat16", "float16")
# All that a tokenizer of transformers may be stored in; a chat template is the .jinja.
_TOKENIZER = ("tokenizer*", "special_tokens_map.json", "vocab*", "merges.txt", "*.jinja", "*.model")


@dataclass(frozen=True, slots=True)
class Merged:
    """A checkpoint that was written, and the adapter of its projector.

    Args:
        checkpoint: folder of the merged model.
        weights: first 12 digits of its weights' hash.
        projector: folder of the adapter that holds the projector for it; None without one.
    """

    checkpoint: Path
    weights: str
    projector: Path | None


def merge_adapter(folder: Path, out: Path, *, base: str | None, dtype: str = "auto") -> Merged:
    """Write base plus LoRA as one checkpoint, and the projector beside it for that checkpoint.

    The sum is made in float32 and rounded once. A base that was quantised in training is merged
    in its full precision.

    Args:
        folder: of the adapter.
        out: folder for the checkpoint; must not hold anything.
        base: checkpoint folder or hub id; None for the one that the manifest names.
        dtype: of the merged weights; "auto" for the base's own.

    Raises:
        ConfigError: `out` is taken, no such dtype, or the adapter has no LoRA.
        WeightsError: the adapter is not whole, or belongs on another base.
    """
    if dtype not in DTYPES:
        raise ConfigError(f"There is no dtype '{dtype}'. Known: {', '.join(DTYPES)}.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ConfigError(f"{out} is there already. Name a new folder for the merged model.")
    adapter = open_adapter(folder)
    if adapter.manifest.lora is None:
        raise ConfigError(
            f"The adapter '{adapter.manifest.name}' is a projector without a LoRA: there is "
            "nothing to merge. Use it as it is."
        )
    source = base or _source(adapter.manifest.base)
    checkpoint = open_checkpoint(source, Settings(device="cpu", dtype="float32"))
    require_base(adapter.manifest, checkpoint.provenance)
    chosen = _stored_dtype(checkpoint) if dtype == "auto" else dtype
    model = attach_lora(checkpoint.model, folder, "merging").merge_and_unload(safe_merge=True)
    with whole_folder(out) as part:
        _write(model, checkpoint, adapter, chosen, part)
    weights = weights_hash(weight_files(out))
    return Merged(out, weights, _projector(adapter, out, weights))


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
    is_adapter = (source / MANIFEST_FILE).is_file()
    if form == "gguf":
        merged = f"affect-llm train merge {source} --out MERGED, and then " if is_adapter else ""
        raise CapabilityError(
            f"GGUF is not written here. Run {merged}llama.cpp's own convert_hf_to_gguf.py on "
            f"{'MERGED' if is_adapter else source}. "
            "It must know the model's tokenizer, and the embedded model's is one of its own."
        )
    if not is_adapter:
        raise ConfigError(f"{source} holds no adapter; a checkpoint is safetensors as it is.")
    return merge_adapter(source, out, base=base, dtype=dtype).checkpoint


def _source(ref: BaseModelRef) -> str:
    weights = reasoner_spec(ref.reasoner).shipped
    if weights is not None:
        return str(shipped(weights))
    if ref.revision == "local":
        raise WeightsError(
            f"The adapter was trained on the folder '{ref.name}', and only its name is known. "
            "Say where it lies (--base FOLDER)."
        )
    return ref.name


def _stored_dtype(checkpoint: Checkpoint) -> str:
    """The dtype of the base's weights on disk, before they were read as float32."""
    from safetensors import safe_open

    names = {"F32": "float32", "BF16": "bfloat16", "F16": "float16"}
    for file in weight_files(Path(checkpoint.tokenizer.name_or_path)):
        with safe_open(file, framework="pt") as tensors:
            for key in tensors.keys():  # noqa: SIM118
                return names.get(str(tensors.get_slice(key).get_dtype()), "float32")
    return "float32"


def _write(model: Any, checkpoint: Checkpoint, adapter: Adapter, dtype: str, part: Path) -> None:
    import torch

    model.to(getattr(torch, dtype))
    model.save_pretrained(part)
    origin = Path(checkpoint.tokenizer.name_or_path)
    for pattern in _TOKENIZER:
        for file in origin.glob(pattern):
            shutil.copy(file, part / file.name)
    if (adapter.folder / CALIBRATION_FILE).is_file():
        shutil.copy(adapter.folder / CALIBRATION_FILE, part / CALIBRATION_FILE)
    card = adapter.folder / "README.md"
    before = card.read_text(encoding="utf-8") if card.is_file() else ""
    text = (
        f"# {adapter.manifest.name}, merged\n\n`{checkpoint.provenance}` with the LoRA "
        f"`{adapter.manifest.provenance}` added to its weights, in {dtype}.\n\n{before}"
    )
    (part / "README.md").write_text(text, encoding="utf-8")


def _projector(adapter: Adapter, out: Path, weights: str) -> Path | None:
    """The adapter's projector as an adapter of the merged model."""
    if adapter.fusion_folder is None:
        return None
    fusion, manifest = adapter.fusion_folder, adapter.manifest
    place = out.with_name(f"{out.name}-projector")
    description = AdapterDescription(
        name=f"{manifest.name}-projector",
        base=BaseModelRef(
            reasoner=TRANSFORMERS.name, name=out.name, revision="local", weights=weights
        ),
        prompt=manifest.prompt,
        road=manifest.road,
        tracks=manifest.tracks,
        affect_llm=__version__,
    )

    def copy(part: Path) -> None:
        shutil.copytree(fusion, part / FUSION_FOLDER)

    save_adapter(place, description, copy)
    return place
