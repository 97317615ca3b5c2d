"""The losses of the face network, and what its outputs are held against."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from affect_llm.cues.face.layout import EXPRESSION_SLICE, FACENESS_INDEX, UNIT_SLICE


@dataclass(frozen=True, slots=True)
class FaceTargets:
    """What a network should say of N crops, of which the first F are faces.

    Args:
        expressions: (F, 7) probabilities.
        signs: (F, K) units / 5, pose, gaze; NaN where unknown.
        faces: F.
    """

    expressions: Tensor
    signs: Tensor
    faces: int


@dataclass(frozen=True, slots=True)
class FaceObjective:
    """Cross-entropy with soft expressions, smooth L1 to the landmarks' signs, and faceness.

    Args:
        signs_weight: of the smooth L1 part.
        faceness_weight: of the binary cross-entropy.
    """

    signs_weight: float = 4.0
    faceness_weight: float = 0.5

    def __call__(self, outputs: Tensor, targets: FaceTargets) -> tuple[Tensor, dict[str, float]]:
        """Loss of raw outputs (N, OUTPUTS), and its parts for the log."""
        faces = outputs[: targets.faces]
        expression = functional.cross_entropy(faces[:, EXPRESSION_SLICE], targets.expressions)
        known = torch.isfinite(targets.signs)
        told = faces[:, UNIT_SLICE.start : FACENESS_INDEX][known]
        signs = functional.smooth_l1_loss(told, targets.signs[known], beta=0.1)
        is_face = torch.zeros(len(outputs))
        is_face[: targets.faces] = 1.0
        faceness = functional.binary_cross_entropy_with_logits(outputs[:, FACENESS_INDEX], is_face)
        loss = expression + self.signs_weight * signs + self.faceness_weight * faceness
        parts = {"expression": expression, "signs": signs, "faceness": faceness}
        return loss, {name: float(part.detach()) for name, part in parts.items()}
