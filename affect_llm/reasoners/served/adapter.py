"""An adapter for a model that runs in vLLM: checked here, put on there."""

import json
from pathlib import Path

from affect_llm.adapters.folder import LORA_CONFIG, Adapter, open_adapter
from affect_llm.adapters.manifest import require_base, require_prompt
from affect_llm.errors import WeightsError
from affect_llm.reasoners.served.model_tokens import ModelTokens

_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""The ranks that vLLM makes room for (`max_lora_rank` of its `LoRAConfig`)."""


def open_served_adapter(folder: str | None, tokens: ModelTokens) -> Adapter | None:
    """The adapter in a folder, held against the base model that is served; None for no folder.

    Raises:
        WeightsError: it is not whole, belongs to another base or prompt, or the base model's
            weights are not on this machine to hold it against.
    """
    if folder is None:
        return None
    adapter = open_adapter(Path(folder))
    if not tokens.weights:
        raise WeightsError(
            f"The adapter '{adapter.manifest.name}' cannot be held against its base model, whose "
            "weights are not here. Set model to the folder that the server was started with."
        )
    require_base(adapter.manifest, tokens.provenance)
    require_prompt(adapter.manifest)
    return adapter


def lora_room(adapter: Adapter) -> tuple[int, list[str]]:
    """The smallest `max_lora_rank` with room for the LoRA, and the names of the layers it is on.

    vLLM is told the layers, because a LoRA layer around the input embeddings does not get along
    with prompt embeddings: vLLM 0.32 stops when one batch holds both these and token ids.
    """
    path = adapter.folder / LORA_CONFIG
    try:
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"{path} cannot be read. Copy the whole folder again.") from error
    config = config if isinstance(config, dict) else {}
    rank = int(config.get("r", _RANKS[0]))
    layers = {str(target).rpartition(".")[2] for target in config.get("target_modules", [])}
    return next((size for size in _RANKS if size >= rank), rank), sorted(layers)
