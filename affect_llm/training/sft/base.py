"""The base model of a run, with LoRA on it as the settings say."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from affect_llm.adapters.manifest import BaseModelRef
from affect_llm.config import Settings
from affect_llm.errors import ConfigError
from affect_llm.reasoners.local.causal_lm import CausalLM
from affect_llm.reasoners.local.chat import require_chat_template
from affect_llm.reasoners.local.checkpoint import Checkpoint, open_checkpoint
from affect_llm.reasoners.specs import EMBEDDED, TRANSFORMERS
from affect_llm.store.pretrained import first_line
from affect_llm.store.shipped import shipped
from affect_llm.training.sft.settings import LoraSettings, SftSettings

_DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}
_RECURRENT = ("linear_attention", "mamba", "recurrent", "conv")


@dataclass(frozen=True, slots=True)
class Base:
    """A loaded base model.

    Args:
        reasoner: that answers with it; its vocabulary and its context are the run's.
        ref: what the adapter's manifest says of it.
    """

    reasoner: CausalLM
    ref: BaseModelRef

    @property
    def checkpoint(self) -> Checkpoint:
        """Model and tokenizer."""
        return self.reasoner.checkpoint


def open_base(settings: SftSettings) -> Base:
    """Load the base model that the settings name.

    The embedded model is computed in float32 wherever it answers, so it is trained so too.

    Raises:
        WeightsError, CapabilityError, MissingExtra: see `open_checkpoint`; a base without a chat
            template is refused.
        ConfigError: examples cannot be packed for this kind of model.
    """
    own = settings.base == EMBEDDED.name
    name = EMBEDDED.name if own else TRANSFORMERS.name
    source = str(shipped(EMBEDDED.name)) if own else settings.base
    dtype = "float32" if own and settings.quantize is None else _DTYPES[settings.precision]
    asked = Settings(
        reasoner=name,
        device=settings.device,
        dtype=dtype,
        quantize=settings.quantize,
        batch_size=settings.score_batch,
    )
    checkpoint = open_checkpoint(source, asked)
    require_chat_template(checkpoint.tokenizer, source)
    if settings.batching == "packed":
        _require_attention(checkpoint.model.config.get_text_config(), source)
    reasoner = CausalLM(name, checkpoint, None, settings.score_batch, writes=not own)
    ref = BaseModelRef.of_passport(name, checkpoint.passport)
    known = Path(source).is_dir()
    return Base(reasoner, ref if known else ref.model_copy(update={"name": settings.base}))


def with_lora(model: Any, settings: SftSettings) -> Any:
    """The model with fresh LoRA layers, as a `PeftModel`; they change nothing yet.

    Raises:
        ConfigError: the recipe names modules that this model does not have.
    """
    import peft

    if settings.quantize is not None:
        ready: Any = peft.prepare_model_for_kbit_training
        model = ready(model, use_gradient_checkpointing=False)
    torch.manual_seed(settings.seed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dressed = peft.get_peft_model(model, _config(settings.lora))
    except ValueError as error:
        raise ConfigError(
            f"LoRA cannot go on this model as the settings say: {first_line(error)}. Its linear "
            f"layers are {', '.join(linear_names(model))}; name some of them, or all-linear."
        ) from error
    _require_each(model, settings.lora)
    return dressed


def linear_names(model: Any) -> list[str]:
    """Last parts of the names of its linear layers, the head left out."""
    head = model.get_output_embeddings()
    return sorted(
        {
            name.removesuffix(".base_layer").rpartition(".")[2]
            for name, module in model.named_modules()
            if isinstance(module, torch.nn.Linear) and module is not head and "lora_" not in name
        }
    )


def _config(lora: LoraSettings) -> Any:
    import peft

    targets = lora.targets if isinstance(lora.targets, str) else list(lora.targets)
    return peft.LoraConfig(
        task_type="CAUSAL_LM",
        r=lora.r,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        use_rslora=lora.rslora,
        use_dora=lora.dora,
        target_modules=targets,
    )


def _require_each(model: Any, lora: LoraSettings) -> None:
    """Peft is content when one name of several is there; a recipe means all of them."""
    if isinstance(lora.targets, str):
        return
    known = linear_names(model)
    missing = [name for name in lora.targets if name.rpartition(".")[2] not in known]
    if missing:
        raise ConfigError(
            f"The settings put LoRA on '{missing[0]}', and this model has no such linear layer. "
            f"It has {', '.join(known)}."
        )


def _require_attention(config: Any, source: str) -> None:
    kinds = set(getattr(config, "layer_types", None) or ())
    odd = sorted(k for k in kinds if k in _RECURRENT)
    if odd:
        raise ConfigError(
            f"Examples cannot be packed for '{source}': its layers of the kind {odd[0]} carry "
            "one example's state into the next. Use batching = by_length."
        )
