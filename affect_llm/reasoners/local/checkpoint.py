"""Opening a causal language model: safetensors only, every key in its place, no remote code."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, MissingExtra, WeightsError
from affect_llm.reasoners.local.device import (
    memory_guard,
    pick_device,
    pick_dtype,
    quantization_config,
)
from affect_llm.store.pretrained import (
    NEEDED,
    first_line,
    quietly,
    require_whole,
    weight_files,
    weights_hash,
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded model.

    Args:
        model: a transformers causal LM in eval mode, or our own `Llama`.
        tokenizer: its fast tokenizer.
        device: torch device of the inputs.
        passport: `name@revision#hash`, the hash over the sha256 of the weight files.
        reopen: opens an own `Llama` again as a model of transformers; None where it is one.
    """

    model: Any
    tokenizer: Any
    device: str
    passport: str
    reopen: "Callable[[], Checkpoint] | None" = None


def open_checkpoint(
    source: str, settings: Settings, model_class: Callable[[Path], Any] | None = None
) -> Checkpoint:
    """Load a checkpoint folder (without any network call) or a hub id.

    Args:
        source: folder or hub id.
        settings: device, dtype and quantisation.
        model_class: the transformers class for a folder; that of causal language models if None.

    Raises:
        MissingExtra: torch, transformers, safetensors or llguidance is not installed.
        WeightsError: nothing there, pickled weights only, corrupt files, or keys that are
            missing, unexpected or of the wrong shape.
        CapabilityError: no such device, too little memory, or a slow tokenizer.
    """
    require_packages()
    # Read by huggingface_hub when it is first imported.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    device = pick_device(settings.device)
    with quietly(), memory_guard(f"the model '{source}' on {device}"):
        folder, passport = locate(source)
        files = weight_files(folder)
        model = _load_model(folder, settings, device, model_class or _causal_lm)
        tokenizer = load_tokenizer(folder)
    return Checkpoint(model, tokenizer, device, f"{passport}#{weights_hash(files)}")


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
        raise WeightsError(_unloadable(source, error)) from error
    return fetched, f"{source}@{fetched.name[:12]}"


def _causal_lm(folder: Path) -> Any:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM


def _load_model(
    folder: Path, settings: Settings, device: str, model_class: Callable[[Path], Any]
) -> Any:
    from safetensors import SafetensorError

    loader: Any = model_class(folder)
    quantization = quantization_config(settings.quantize, settings.dtype)
    try:
        model, report = loader.from_pretrained(
            folder,
            dtype=pick_dtype(settings.dtype),
            quantization_config=quantization,
            device_map=None if quantization is None else {"": device},
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise WeightsError(_unloadable(str(folder), error)) from error
    except RuntimeError as error:
        if "size mismatch" not in str(error) and "mismatched" not in str(error):
            raise
        raise WeightsError(_unloadable(str(folder), error)) from error
    require_whole(folder, report)
    model.eval()
    return model if quantization is not None else model.to(device)


def load_tokenizer(folder: Path) -> Any:
    """The fast tokenizer in a folder, with `chat_control_tokens` set.

    Raises:
        WeightsError: it cannot be loaded.
        CapabilityError: it is a slow one.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(_unloadable(str(folder), error)) from error
    if not tokenizer.is_fast:
        raise CapabilityError(
            f"The tokenizer of '{folder}' is not a fast one (tokenizer.json), which constrained "
            "decoding needs. Convert it, or choose another checkpoint."
        )
    tokenizer.chat_control_tokens = [
        token.content for token in tokenizer.added_tokens_decoder.values() if is_control(token)
    ]
    return tokenizer


def is_control(token: Any) -> bool:
    """Whether an added token steers a model, so that no transcript may come out as it.

    Tokens such as "<tool_call>" do even where they are not marked special; added words and phrases
    are only vocabulary.
    """
    return bool(token.special or re.fullmatch(r"[<\[]\S+[>\]]", token.content))


def _unloadable(source: str, error: Exception) -> str:
    return (
        f"The model '{source}' cannot be loaded: {first_line(error)}. Give a folder with "
        "config.json, tokenizer.json and *.safetensors, or a hub id that is reachable."
    )
