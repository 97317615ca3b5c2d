"""The model of a run: a base with fresh LoRA and projector, or with those of an adapter."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from affect_llm.adapters.folder import open_adapter
from affect_llm.adapters.lora import fill_lora
from affect_llm.adapters.manifest import require_base
from affect_llm.errors import ConfigError
from affect_llm.fusion.checkpoint import load_fusion
from affect_llm.fusion.model import Fusion, build_fusion
from affect_llm.store.pretrained import first_line
from affect_llm.training.sft.model import ADAPTER, SftModel
from affect_llm.training.sft.model_setup import ModelSetup
from affect_llm.training.sft.samples import TrainingSample
from affect_llm.training.sft.settings import SftSettings


def make_model(
    setup: ModelSetup, training: Sequence[TrainingSample], settings: SftSettings
) -> SftModel:
    """The base with LoRA and projector, fresh or those of the adapter that the run starts from.

    A fresh projector is standardised on the training clips.

    Raises:
        ConfigError, WeightsError: see `with_lora` and `start_from`.
    """
    llm: Any = setup.base.checkpoint.model
    if settings.checkpointing:
        llm.activation_checkpointing_enable({"use_reentrant": False})
    if settings.trains_lora:
        llm = with_lora(llm, settings)
    fusion: Fusion | None = None
    if setup.fusion is not None:
        fusion = build_fusion(setup.fusion, settings.seed)
        fusion.standardise([sample.features for sample in training])
        fusion.to(setup.base.checkpoint.device)
    model = SftModel(llm, fusion)
    if settings.start is not None:
        start_from(model, settings, setup.base.ref.provenance)
    return model


def with_lora(model: Any, settings: SftSettings) -> Any:
    """The model with fresh LoRA layers, as a `PeftModel`; they change nothing yet.

    Raises:
        ConfigError: the recipe names modules that this model does not have.
    """
    import peft

    lora = settings.lora
    config = peft.LoraConfig(
        task_type="CAUSAL_LM",
        r=lora.r,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        use_rslora=lora.rslora,
        use_dora=lora.dora,
        target_modules=lora.targets if isinstance(lora.targets, str) else list(lora.targets),
    )
    if settings.quantize is not None:
        ready: Any = peft.prepare_model_for_kbit_training
        model = ready(model, use_gradient_checkpointing=False)
    torch.manual_seed(settings.seed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with_layers = peft.get_peft_model(model, config)
    except ValueError as error:
        raise ConfigError(
            f"LoRA cannot go on this model as the settings say: {first_line(error)}. Its linear "
            f"layers are {', '.join(linear_names(model))}; name some of them, or all-linear."
        ) from error
    if not isinstance(lora.targets, str):
        # Peft is content when one name of several is there; a recipe means all of them.
        known = linear_names(model)
        missing = [name for name in lora.targets if name.rpartition(".")[2] not in known]
        if missing:
            raise ConfigError(
                f"The settings put LoRA on '{missing[0]}', and this model has no such linear "
                f"layer. It has {', '.join(known)}."
            )
    return with_layers


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


def start_from(model: SftModel, settings: SftSettings, base: str) -> None:
    """Put the weights of the adapter in `settings.start` into a fresh model.

    A LoRA that the run does not have, or the other way round, is refused; a run may add a
    projector to an adapter without one, not lose it.

    Args:
        model: with LoRA and projector as the settings say.
        settings: of the run.
        base: provenance of its base model.

    Raises:
        WeightsError: no adapter, one of another base, or a LoRA of another shape.
        ConfigError: it has another projector than the run, or a part that the run lacks.
    """
    adapter = open_adapter(Path(settings.start or ""))
    require_base(adapter.manifest, base)
    if (adapter.manifest.lora is not None) != settings.trains_lora:
        raise ConfigError(
            f"The adapter '{adapter.manifest.name}' has "
            f"{'no' if adapter.manifest.lora is None else 'a'} LoRA, and the run trains "
            f"{'one' if settings.trains_lora else 'none'}. Both must have a LoRA or none."
        )
    if adapter.manifest.lora is not None:
        fill_lora(model.llm, adapter.folder, ADAPTER)
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
