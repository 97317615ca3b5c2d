"""Opening a causal language model: safetensors only, every key in its place, no remote code."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affect_llm.config import Settings
from affect_llm.errors import WeightsError
from affect_llm.reasoners.local.device import (
    memory_guard,
    pick_device,
    pick_dtype,
    quantization_config,
)
from affect_llm.reasoners.model_folder import locate, require_packages, unloadable
from affect_llm.reasoners.tokens.grammar import TokenVocabulary
from affect_llm.reasoners.tokens.tokenizer import eos_ids, load_tokenizer
from affect_llm.store.pretrained import quietly, require_whole, weight_files, weights_hash


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded model.

    Args:
        model: a transformers causal LM in eval mode, or our own `Llama`.
        tokenizer: its fast tokenizer.
        device: torch device of the inputs.
        provenance: `name@revision#hash`, the hash over the sha256 of the weight files.
        reopen: opens an own `Llama` again as a model of transformers; None where it is one.
    """

    model: Any
    tokenizer: Any
    device: str
    provenance: str
    reopen: "Callable[[], Checkpoint] | None" = None

    @property
    def context_tokens(self) -> int:
        """How many tokens a prompt and its answer may have together.

        They are the positions the model was made for, or its attention window where some layers
        have one: rows of a batch grow with gaps, and a window that counts these forgets too early.
        """
        config = self.model.config.get_text_config()
        longest: int = config.max_position_embeddings
        window: int | None = getattr(config, "sliding_window", None)
        layers: list[str] | None = getattr(config, "layer_types", None)
        slides = layers is None or "sliding_attention" in layers
        return longest if window is None or not slides else min(longest, window)

    def vocabulary(self) -> TokenVocabulary:
        """The tokens of the model, with those that end an answer.

        Raises:
            CapabilityError: none ends it, or the tokenizer is that of another model.
        """
        ends = eos_ids(self.model.generation_config.eos_token_id, self.tokenizer)
        width = self.model.config.get_text_config().vocab_size
        return TokenVocabulary(self.tokenizer, width, ends)


def _causal_lm(folder: Path) -> Any:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM


def open_checkpoint(
    source: str, settings: Settings, model_class: Callable[[Path], Any] = _causal_lm
) -> Checkpoint:
    """Load a checkpoint folder (without any network call) or a hub id.

    Args:
        source: folder or hub id.
        settings: device, dtype and quantisation.
        model_class: the transformers class for a folder.

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
        folder, version = locate(source)
        files = weight_files(folder)
        model = _load_model(folder, settings, device, model_class(folder))
        tokenizer = load_tokenizer(folder)
    return Checkpoint(model, tokenizer, device, f"{version}#{weights_hash(files)}")


def _load_model(folder: Path, settings: Settings, device: str, model_class: Any) -> Any:
    from safetensors import SafetensorError

    quantization = quantization_config(settings.quantize, settings.dtype)
    try:
        model, report = model_class.from_pretrained(
            folder,
            dtype=pick_dtype(settings.dtype),
            quantization_config=quantization,
            device_map=None if quantization is None else {"": device},
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, KeyError, SafetensorError, RuntimeError) as error:
        # Of a shape that does not fit torch says only so; any other such error is not the file's.
        if isinstance(error, RuntimeError) and "mismatch" not in str(error):
            raise
        raise WeightsError(unloadable(str(folder), error)) from error
    require_whole(folder, report)
    model.eval()
    if quantization is None:
        return model.to(device)
    for module in model.modules():
        # Where the processor has AVX512-BF16, bitsandbytes 0.50 repacks 4-bit weights at a pass
        # without gradients. Packed weights give other logits and pass no gradients on, so a
        # training would stop learning at its first validation. All machines go the one way.
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False
    return model
