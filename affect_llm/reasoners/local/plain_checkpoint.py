"""Opening a plain Llama without transformers."""

import json
from pathlib import Path

import torch

from affect_llm.config import Settings
from affect_llm.reasoners.local.checkpoint import Checkpoint, open_checkpoint
from affect_llm.reasoners.local.device import memory_guard, pick_device, pick_dtype
from affect_llm.reasoners.local.llama import Llama, LlamaConfig
from affect_llm.reasoners.model_folder import locate, require_packages
from affect_llm.reasoners.tokens.plain_tokenizer import PlainTokenizer
from affect_llm.store.pretrained import weight_files, weights_hash


def open_plain(folder: Path, settings: Settings) -> Checkpoint | None:
    """Open a checkpoint with our own decoder; None where it is not whole or of another form.

    What is wrong then is for `open_checkpoint` to say.

    Args:
        folder: that of the checkpoint.
        settings: device, and a dtype that is not "auto".

    Raises:
        MissingExtra, WeightsError, CapabilityError: as `open_checkpoint`.
    """
    require_packages()
    from safetensors import SafetensorError

    device = pick_device(settings.device)
    files = weight_files(folder)
    try:
        with memory_guard(f"the model '{folder}' on {device}"):
            (file,) = files
            model = _read(folder, file, pick_dtype(settings.dtype), device)
            tokenizer = PlainTokenizer(folder)
    except (OSError, ValueError, KeyError, SafetensorError):
        return None
    return Checkpoint(
        model,
        tokenizer,
        device,
        f"{locate(str(folder))[1]}#{weights_hash(files)}",
        lambda: open_checkpoint(str(folder), settings),
    )


def _read(folder: Path, file: Path, dtype: torch.dtype, device: str) -> Llama:
    """Read the decoder, whose weights have to be those of its config.

    Raises:
        OSError, ValueError, KeyError, SafetensorError: they are not, or a file is not whole.
    """
    from safetensors import safe_open

    generation = json.loads((folder / "generation_config.json").read_bytes())
    config = LlamaConfig.model_validate(
        json.loads((folder / "config.json").read_bytes())
        | {"eos_token_id": generation["eos_token_id"]}
    )
    with safe_open(file, framework="pt") as opened:
        shapes = {name: opened.get_slice(name).get_shape() for name in opened.keys()}  # noqa: SIM118
    if shapes != config.shapes():
        raise ValueError("the weights are not those of the config")
    weights = {}
    for name in shapes:
        # Opened anew for each: only one tensor's pages of the mapped file are then in memory.
        with safe_open(file, framework="pt") as opened:
            weights[name] = opened.get_tensor(name).to(device, dtype)
    return Llama(config, weights)
