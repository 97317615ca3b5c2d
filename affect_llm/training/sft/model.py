"""What is trained: LoRA on a causal LM, a projector before it, or both."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from affect_llm.fusion.fused import FusedBatch
from affect_llm.fusion.model import Fusion
from affect_llm.training.loop.batches import Batch
from affect_llm.training.loop.loss import answer_loss, embedded_rows
from affect_llm.training.loop.trainer import Learner
from affect_llm.training.sft.settings import Trains

ADAPTER = "default"


class SftModel(Learner):
    """A base model, with or without LoRA, with or without a projector.

    Args:
        llm: a `PeftModel` where LoRA is trained, a causal LM where it is not.
        fusion: the projector; None on the text road.
    """

    def __init__(self, llm: Any, fusion: Fusion | None) -> None:
        super().__init__()
        self.llm = llm
        self.fusion = fusion

    def forward(self, batch: Batch) -> Tensor:
        """The weighted sum of the losses of a batch, float32."""
        fused: FusedBatch | None = None
        if self.fusion is not None:
            fused = self.fusion.fuse_batch([example.clip for example in batch.examples])
        rows, weights = embedded_rows(batch, self.llm.get_input_embeddings(), fused)
        loss, _ = answer_loss(self.llm, rows, weights)
        if self.fusion is not None and self.training:
            # A batch without features would leave weights of the projector without a gradient,
            # and processes that train together must agree on which weights have one.
            loss = loss + 0.0 * torch.stack([p.sum() for p in self.fusion.parameters()]).sum()
        return loss

    def trains(self, what: Trains) -> None:
        """Let some weights learn and the others stand still."""
        self.llm.requires_grad_(False)
        for name, parameter in self.llm.named_parameters():
            parameter.requires_grad_("lora" in what and "lora_" in name)
        if self.fusion is not None:
            self.fusion.requires_grad_("projector" in what)

    def is_learned(self, name: str) -> bool:
        """Whether it is a LoRA weight, or part of the projector, buffers included."""
        return name.startswith("fusion.") or "lora_" in name

    def learning(self, part: str) -> Iterator[nn.Parameter]:
        """The parameters of "llm" or "fusion" that learn in the current stage."""
        for name, parameter in self.named_parameters():
            if name.startswith(f"{part}.") and parameter.requires_grad:
                yield parameter
