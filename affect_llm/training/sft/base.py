"""The base model of a run."""

from dataclasses import dataclass
from pathlib import Path

from affect_llm.adapters.manifest import BaseModelRef
from affect_llm.config import Settings
from affect_llm.errors import ConfigError
from affect_llm.reasoners.local.causal_lm import CausalLM
from affect_llm.reasoners.local.checkpoint import Checkpoint, open_checkpoint
from affect_llm.reasoners.spec import EMBEDDED, TRANSFORMERS
from affect_llm.reasoners.tokens.chat import require_chat_template
from affect_llm.store.shipped import shipped
from affect_llm.training.sft.settings import SftSettings

_DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}
_RECURRENT = ("linear_attention", "mamba", "recurrent", "conv")
"""Kinds of layers, in transformers' words, that no mask keeps from reading across examples."""


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
    embedded = settings.base == EMBEDDED.name
    name = EMBEDDED.name if embedded else TRANSFORMERS.name
    source = str(shipped(EMBEDDED.name)) if embedded else settings.base
    dtype = "float32" if embedded and settings.quantize is None else _DTYPES[settings.precision]
    loading = Settings(
        reasoner=name,
        device=settings.device,
        dtype=dtype,
        quantize=settings.quantize,
        batch_size=settings.score_batch,
    )
    checkpoint = open_checkpoint(source, loading)
    require_chat_template(checkpoint.tokenizer, source)
    layers = getattr(checkpoint.model.config.get_text_config(), "layer_types", None) or ()
    odd = sorted(set(_RECURRENT) & set(layers))
    if odd and settings.batching == "packed":
        raise ConfigError(
            f"Examples cannot be packed for '{source}': its layers of the kind {odd[0]} carry "
            "one example's state into the next. Use batching = by_length."
        )
    reasoner = CausalLM(name, checkpoint, None, settings.score_batch, writes=not embedded)
    ref = BaseModelRef.of_provenance(name, checkpoint.provenance)
    if not Path(source).is_dir():  # a hub id has an owner, which the checkpoint's folder lacks
        ref = ref.model_copy(update={"name": settings.base})
    return Base(reasoner, ref)
