"""Opening a model that looks and listens: the same rules as for any other, and its processor."""

from pathlib import Path
from typing import Any

from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, MissingExtra, WeightsError
from affect_llm.reasoners.local.checkpoint import Checkpoint, open_checkpoint
from affect_llm.reasoners.model_folder import locate, unloadable
from affect_llm.reasoners.tokens.chat import require_chat_template
from affect_llm.store.pretrained import first_line, quietly

_THINKERS = {
    "qwen2_5_omni": "Qwen2_5OmniThinkerForConditionalGeneration",
    "qwen3_omni_moe": "Qwen3OmniMoeThinkerForConditionalGeneration",
}
"""Models that also speak: only the part that reads and writes is loaded."""
_NEITHER = "The model '{}' takes neither pictures nor sound. Use --reasoner transformers."


def open_omni_checkpoint(source: str, settings: Settings) -> tuple[Checkpoint, Any]:
    """Load a model and its processor, which turns pictures and sound into its inputs.

    Args:
        source: a checkpoint folder (then without any network call) or a hub id.
        settings: of the run.

    Raises:
        MissingExtra: a package that the model or its processor needs is not installed.
        WeightsError: as `open_checkpoint`, or there is no processor.
        CapabilityError: as `open_checkpoint`, or it has no chat template.
    """
    checkpoint = open_checkpoint(source, settings, _omni_class)
    import transformers

    folder, _ = locate(source)
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
        raise CapabilityError(_NEITHER.format(folder))
    # Some checkpoints keep the template with the processor alone.
    if not checkpoint.tokenizer.chat_template:
        checkpoint.tokenizer.chat_template = processor.chat_template
    require_chat_template(checkpoint.tokenizer, source)
    return checkpoint, processor


def _omni_class(folder: Path) -> Any:
    import transformers
    from transformers.models.auto.modeling_auto import MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES

    try:
        config = transformers.AutoConfig.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(unloadable(str(folder), error)) from error
    if config.model_type in _THINKERS:
        return getattr(transformers, _THINKERS[config.model_type])
    if config.model_type not in MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES:
        raise CapabilityError(_NEITHER.format(folder))
    return transformers.AutoModelForMultimodalLM
