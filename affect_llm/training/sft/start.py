"""A run that goes on from an adapter: its LoRA and its projector are where training begins."""

from pathlib import Path

from affect_llm.adapters.folder import Adapter, open_adapter
from affect_llm.adapters.lora import fill_lora
from affect_llm.adapters.manifest import require_base
from affect_llm.errors import ConfigError
from affect_llm.fusion.checkpoint import load_fusion
from affect_llm.training.sft.model import ADAPTER, SftModel
from affect_llm.training.sft.settings import SftSettings


def start_from(model: SftModel, settings: SftSettings, base: str) -> None:
    """Put the weights of the adapter in `settings.start` into a fresh model.

    A LoRA that the run does not have, or the other way round, is refused; a run may add a
    projector to an adapter without one, not lose it.

    Args:
        model: with LoRA and projector as the settings say.
        settings: of the run.
        base: passport of its base model.

    Raises:
        WeightsError: no adapter, one of another base, or a LoRA of another shape.
        ConfigError: it has another projector than the run, or a part that the run lacks.
    """
    adapter = open_adapter(Path(settings.start or ""))
    require_base(adapter.manifest, base)
    if (adapter.manifest.lora is not None) != settings.trains_lora:
        raise ConfigError(
            f"The adapter '{adapter.manifest.name}' has {_a(adapter)}, and the run trains "
            f"{'one' if settings.trains_lora else 'none'}. Both must have a LoRA or none."
        )
    if adapter.manifest.lora is not None:
        fill_lora(model.llm, adapter.folder, ADAPTER)
    _start_projector(model, adapter)


def _a(adapter: Adapter) -> str:
    return "no LoRA" if adapter.manifest.lora is None else "a LoRA"


def _start_projector(model: SftModel, adapter: Adapter) -> None:
    if adapter.fusion_folder is None:
        return
    given = load_fusion(adapter.fusion_folder)
    if model.fusion is None or model.fusion.config != given.config:
        has = "no projector" if model.fusion is None else "another projector or other tracks"
        raise ConfigError(
            f"The run has {has} than the adapter '{adapter.manifest.name}' that it starts from. "
            "Give it the road, tracks and projector that the adapter was trained with."
        )
    model.fusion.load_state_dict(given.state_dict())
