"""Opening a model that looks and listens: the same rules as for any other, and its processor."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, MissingExtra, WeightsError
from affect_llm.reasoners.local.chat import require_chat_template
from affect_llm.reasoners.local.checkpoint import Checkpoint, locate, open_checkpoint
from affect_llm.store.pretrained import first_line, quietly

_THINKERS = {
    "qwen2_5_omni": "Qwen2_5OmniThinkerForConditionalGeneration",
    "qwen3_omni_moe": "Qwen3OmniMoeThinkerForConditionalGeneration",
}
"""Models that also speak: only the part that reads and writes is loaded."""


@dataclass(frozen=True, slots=True)
class OmniCheckpoint:
    """A loaded model and what turns pictures and sound into its inputs.

    Args:
        base: model, tokenizer, device and passport.
        processor: of the same folder.
    """

    base: Checkpoint
    processor: Any


def open_omni_checkpoint(source: str, settings: Settings) -> OmniCheckpoint:
    """Load a checkpoint folder (without any network call) or a hub id.

    Raises:
        MissingExtra: a package that the model or its processor needs is not installed.
        WeightsError: as `open_checkpoint`, or there is no processor.
        CapabilityError: as `open_checkpoint`, or it has no chat template.
    """
    base = open_checkpoint(source, settings, _omni_class)
    folder, _ = locate(source)
    processor = _load_processor(folder)
    if not base.tokenizer.chat_template:
        base.tokenizer.chat_template = processor.chat_template
    require_chat_template(base.tokenizer, source)
    return OmniCheckpoint(base, processor)


def _omni_class(folder: Path) -> Any:
    import transformers
    from transformers.models.auto.modeling_auto import MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES

    try:
        config = transformers.AutoConfig.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(
            f"The model '{folder}' cannot be loaded: {first_line(error)}. Give a folder with "
            "config.json, or a hub id that is reachable."
        ) from error
    if config.model_type in _THINKERS:
        return getattr(transformers, _THINKERS[config.model_type])
    if config.model_type not in MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES:
        raise CapabilityError(_neither(folder))
    return transformers.AutoModelForMultimodalLM


def _load_processor(folder: Path) -> Any:
    import transformers

    loader: Any = transformers.AutoProcessor
    try:
        with quietly():
            processor = loader.from_pretrained(
                folder, trust_remote_code=False, local_files_only=True
            )
    except ImportError as error:
        raise MissingExtra("a model that looks and listens", "omni") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(
            f"The model '{folder}' has no processor that can be loaded: {first_line(error)}. Get "
            "preprocessor_config.json or processor_config.json with it."
        ) from error
    if not hasattr(processor, "tokenizer"):
        raise CapabilityError(_neither(folder))
    return processor


def _neither(folder: Path) -> str:
    return f"The model '{folder}' takes neither pictures nor sound. Use --reasoner transformers."
