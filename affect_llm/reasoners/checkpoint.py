"""Opening a causal language model: safetensors only, every key in its place, no remote code."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, MissingExtra, WeightsError
from affect_llm.reasoners.device import (
    memory_guard,
    pick_device,
    pick_dtype,
    quantization_config,
)

_NEEDED = ("*.json", "*.jinja", "*.model", "*.txt", "*.safetensors")
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded model.

    Args:
        model: a transformers causal LM in eval mode.
        tokenizer: its fast tokenizer.
        device: torch device of the inputs.
        passport: `name@revision#hash`, the hash over the sha256 of the weight files.
    """

    model: Any
    tokenizer: Any
    device: str
    passport: str


def open_checkpoint(source: str, settings: Settings) -> Checkpoint:
    """Load a checkpoint folder (without any network call) or a hub id.

    Raises:
        MissingExtra: torch, transformers, safetensors or llguidance is not installed.
        WeightsError: nothing there, pickled weights only, corrupt files, or keys that are
            missing, unexpected or of the wrong shape.
        CapabilityError: no such device, too little memory, or a slow tokenizer.
    """
    _require_packages()
    # Read by huggingface_hub when it is first imported.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    device = pick_device(settings.device)
    with _silence(), memory_guard(f"the model '{source}' on {device}"):
        folder, passport = _locate(source)
        files = sorted(folder.glob("*.safetensors"))
        _refuse_pickles(folder)
        model = _load_model(folder, settings, device)
        tokenizer = _load_tokenizer(folder)
    return Checkpoint(model, tokenizer, device, f"{passport}#{weights_hash(files)}")


def weights_hash(files: list[Path]) -> str:
    """First 12 hex digits of the file's sha256; of several files, of their joined digests."""
    digests = []
    for file in sorted(files):
        with file.open("rb") as stream:
            digests.append(hashlib.file_digest(stream, "sha256").hexdigest())
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode())
    return (whole if isinstance(whole, str) else whole.hexdigest())[:12]


def _require_packages() -> None:
    for package in ("torch", "transformers", "safetensors", "llguidance"):
        if find_spec(package) is None:
            raise MissingExtra("a local language model", "llm")


def _locate(source: str) -> tuple[Path, str]:
    """The checkpoint's folder, fetched by the hub's client for an id, and its `name@revision`."""
    folder = Path(source)
    if folder.is_dir():
        return folder, f"{folder.resolve().name}@local"
    from huggingface_hub import snapshot_download

    try:
        fetched = Path(snapshot_download(source, allow_patterns=list(_NEEDED)))
    except (OSError, ValueError) as error:
        raise WeightsError(_unloadable(source, error)) from error
    return fetched, f"{source}@{fetched.name[:12]}"


def _refuse_pickles(folder: Path) -> None:
    if any(folder.glob("*.safetensors")):
        return
    pickled = sorted(f.name for f in folder.iterdir() if f.suffix in _PICKLES)
    found = f"only pickled weights ({', '.join(pickled)})" if pickled else "no weights"
    raise WeightsError(
        f"The folder {folder} holds {found}; only *.safetensors is loaded, because a pickle can "
        "run code. Convert it where you trust it, with save_pretrained(…)."
    )


def _load_model(folder: Path, settings: Settings, device: str) -> Any:
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM

    loader: Any = AutoModelForCausalLM
    quantization = quantization_config(settings.quantize)
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
    _require_whole(str(folder), report)
    model.eval()
    return model if quantization is not None else model.to(device)


def _load_tokenizer(folder: Path) -> Any:
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
    # None of these may come out of a transcript; added words and phrases are only vocabulary.
    tokenizer.chat_control_tokens = [
        token.content
        for token in tokenizer.added_tokens_decoder.values()
        if token.special or _BRACKETED.fullmatch(token.content)
    ]
    return tokenizer


_BRACKETED = re.compile(r"[<\[]\S+[>\]]")
"""Added tokens such as "<tool_call>" steer a model even where they are not marked special."""


def _require_whole(source: str, report: dict[str, Any]) -> None:
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        keys = sorted(str(key) for key in report[kind])
        if keys:
            raise WeightsError(
                f"The weights of '{source}' do not fit its config.json: {len(keys)} "
                f"{kind.replace('_', ' ')}, the first '{keys[0]}'. Get the checkpoint again."
            )


def _unloadable(source: str, error: Exception) -> str:
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return (
        f"The model '{source}' cannot be loaded: {first.rstrip('.')}. Give a folder with "
        "config.json, tokenizer.json and *.safetensors, or a hub id that is reachable."
    )


@contextmanager
def _silence() -> Iterator[None]:
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
