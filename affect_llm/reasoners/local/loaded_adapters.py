"""The adapters that are loaded on one base model, of which at most one is on."""

from hashlib import sha256
from typing import Any

from affect_llm.adapters.folder import Adapter
from affect_llm.adapters.lora import attach_lora
from affect_llm.adapters.manifest import require_base, require_prompt
from affect_llm.adapters.projector import fusion_config
from affect_llm.errors import ConfigError, WeightsError
from affect_llm.reasoners.local.checkpoint import Checkpoint
from affect_llm.reasoners.local.device import memory_guard


class LoadedAdapters:
    """Puts LoRAs on a model and switches between them.

    The layers are put into the checkpoint's model itself. With all of them off it gives exactly
    the logits of the base model; an adapter that is a projector alone leaves them off.

    Args:
        checkpoint: the base model.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self.active: Adapter | None = None
        self.loaded: dict[str, Adapter] = {}
        """The adapters by name, in the order they came."""
        self._peft: Any = None

    @property
    def provenance(self) -> str:
        """Where base model and active adapter come from: `base` or `base+adapter`."""
        base = self.checkpoint.provenance
        return base if self.active is None else f"{base}+{self.active.manifest.provenance}"

    def add(self, adapter: Adapter) -> None:
        """Load an adapter beside those that are there; which one is on does not change.

        Raises:
            ConfigError: there is one of that name.
            WeightsError: it belongs to another base model or prompt, or is not whole.
            CapabilityError: it does not fit into memory.
        """
        name = adapter.manifest.name
        if name in self.loaded:
            raise ConfigError(
                f"An adapter called '{name}' is loaded already. Give one of them another name."
            )
        require_base(adapter.manifest, self.checkpoint.provenance)
        require_prompt(adapter.manifest)
        config = fusion_config(adapter)
        width = self.checkpoint.model.get_input_embeddings().weight.shape[1]
        if config is not None and config.llm_width != width:
            raise WeightsError(
                f"The projector of the adapter '{name}' makes tokens of {config.llm_width} "
                f"numbers, and this model reads {width}. Copy the whole folder again."
            )
        if adapter.manifest.lora is not None:
            model = self.checkpoint.model if self._peft is None else self._peft
            try:
                with memory_guard(f"the adapter '{name}'"):
                    self._peft = attach_lora(model, adapter.folder, _key(adapter))
            finally:
                # Attaching turns the new LoRA on; the one before stays the one that is on.
                self._switch()
        self.loaded[name] = adapter

    def use(self, name: str | None) -> None:
        """Switch to an adapter; None for the base model alone.

        Raises:
            ConfigError: no adapter of that name is loaded.
        """
        if name is not None and name not in self.loaded:
            known = ", ".join(self.loaded) or "none"
            raise ConfigError(f"There is no adapter '{name}' here. Loaded: {known}.")
        self.active = None if name is None else self.loaded[name]
        self._switch()

    def _switch(self) -> None:
        if self._peft is None:
            return
        if self.active is None or self.active.manifest.lora is None:
            self._peft.base_model.disable_adapter_layers()
            return
        self._peft.base_model.enable_adapter_layers()
        self._peft.set_adapter(_key(self.active), inference_mode=True)


def _key(adapter: Adapter) -> str:
    """The adapter's name in peft, whose names hold no dots; 12 digits, as in a provenance."""
    return sha256(adapter.manifest.name.encode()).hexdigest()[:12]
