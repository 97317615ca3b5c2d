"""The language model that ships inside the package, opened without transformers where it can be."""

import json
from functools import partial
from pathlib import Path

import torch

from affect_llm.adapters.folder import CALIBRATION_FILE, read_calibration
from affect_llm.config import Settings
from affect_llm.reasoners.local.causal_lm import CausalLM, load_causal_lm
from affect_llm.reasoners.local.checkpoint import Checkpoint, open_checkpoint
from affect_llm.reasoners.local.device import memory_guard, pick_device, pick_dtype
from affect_llm.reasoners.local.llama import Llama, LlamaConfig
from affect_llm.reasoners.model_folder import locate, require_packages
from affect_llm.reasoners.spec import EMBEDDED
from affect_llm.reasoners.tokens.plain_tokenizer import PlainTokenizer
from affect_llm.store.pretrained import weight_files, weights_hash
from affect_llm.store.shipped import shipped


def open_embedded(settings: Settings) -> CausalLM:
    """The shipped model; in float32 unless a dtype is asked for, so that machines agree.

    Without an adapter and in full precision it is opened by our own decoder, because importing
    transformers takes longer than all the rest. That it obeys a schema is known (tests hold it),
    so it is not asked to prove it as every other model is.

    Raises:
        WeightsError: this build carries no such model, or it is damaged.
    """
    folder = shipped(EMBEDDED.name)
    dtype = "float32" if settings.dtype == "auto" else settings.dtype
    chosen = settings.model_copy(update={"dtype": dtype})
    plain = settings.adapter is None and settings.quantize is None
    if plain and (checkpoint := open_plain(folder, chosen)) is not None:
        calibration = read_calibration(folder / CALIBRATION_FILE)
        return CausalLM(EMBEDDED.name, checkpoint, calibration, settings.batch_size, writes=False)
    return load_causal_lm(EMBEDDED.name, str(folder), chosen, writes=False)


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
    provenance = f"{locate(str(folder))[1]}#{weights_hash(files)}"
    reopen = partial(open_checkpoint, str(folder), settings)
    return Checkpoint(model, tokenizer, device, provenance, reopen)


def _read(folder: Path, file: Path, dtype: torch.dtype, device: str) -> Llama:
    """Read the decoder, whose weights have to be those of its config."""
    from safetensors import safe_open

    ends = json.loads((folder / "generation_config.json").read_bytes())["eos_token_id"]
    keys = json.loads((folder / "config.json").read_bytes())
    config = LlamaConfig.model_validate(keys | {"eos_token_id": ends})
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
