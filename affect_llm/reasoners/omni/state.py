"""The key-value cache of one sequence that begins with media."""

from typing import Any

import torch

from affect_llm.reasoners.local.batch_state import BatchState
from affect_llm.reasoners.omni.prompt import MediaPrompt


class MediaState(BatchState):
    """A `BatchState` with one row, whose text goes on where the media's positions end.

    Models with positions in three directions (time, height, width) give media fewer positions
    than it has tokens; they keep the difference as `rope_deltas` (Qwen2-VL, arXiv 2409.12191,
    section 2.1).
    """

    def __init__(self, model: Any, pad: int, device: str) -> None:
        super().__init__(_Shifted(model), 1, pad, device)

    def read(self, prompt: MediaPrompt) -> torch.Tensor:
        """Logits after the prompt, (1, vocabulary) float32."""
        model = self.model.model
        holders = [module for module in model.modules() if hasattr(module, "rope_deltas")]
        for module in holders:
            module.rope_deltas = None  # those of the prompt before
        self.mask = torch.ones((1, len(prompt.ids)), dtype=torch.long, device=self.device)
        output = model(
            **prompt.on(self.device, model.dtype),
            attention_mask=self.mask,
            past_key_values=self.cache,
            use_cache=True,
        )
        deltas = [module.rope_deltas for module in holders if module.rope_deltas is not None]
        self.model.shift = int(deltas[0].flatten()[0]) if deltas else 0
        logits: torch.Tensor = output.logits[:, -1].float()
        return logits


class _Shifted:
    """A model whose text positions are counted from where its media's end.

    Args:
        model: that reads the prompt.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self.shift = 0

    @property
    def dtype(self) -> torch.dtype:
        """The precision of its weights."""
        dtype: torch.dtype = self.model.dtype
        return dtype

    def __call__(
        self, *, position_ids: torch.Tensor, logits_to_keep: int = 0, **inputs: Any
    ) -> Any:
        """One step; all logits are given, because not every model can leave some out."""
        return self.model(position_ids=position_ids + self.shift, **inputs)
