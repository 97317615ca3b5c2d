"""The shipped face network: a small residual CNN with one linear head for everything it tells."""

import torch
from torch import Tensor, nn

from affect_llm.cues.face.layout import OUTPUTS

_CONTRAST_FLOOR = 0.02
"""Least standard deviation (of 0..1 grey) a crop is divided by, so that black stays black."""


class Residual(nn.Module):
    """Two 3x3 convolutions around a shortcut (He et al. 2016, basic block).

    Args:
        inputs: channels in.
        outputs: channels out.
        stride: 2 halves the side.
    """

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        same = stride == 1 and inputs == outputs
        self.shortcut: nn.Module = (
            nn.Identity()
            if same
            else nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, S, S) → (N, outputs, S / stride, S / stride)."""
        return torch.relu(self.body(x) + self.shortcut(x))


class FaceNet(nn.Module):
    """Grey face crops → `layout.OUTPUTS` raw numbers each.

    Args:
        widths: channels of the four stages.
    """

    def __init__(self, widths: tuple[int, int, int, int] = (32, 64, 128, 192)) -> None:
        super().__init__()
        first, second, third, fourth = widths
        self.stem = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(4, first, 3, 1, 1, bias=False),
            nn.BatchNorm2d(first),
            nn.ReLU(inplace=True),
        )
        self.stages = nn.Sequential(
            Residual(first, first, 1),
            Residual(first, second, 2),
            Residual(second, third, 2),
            Residual(third, fourth, 2),
        )
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(fourth, OUTPUTS))

    def forward(self, crops: Tensor) -> Tensor:
        """(N, 1, 48, 48) grey in 0..1 → (N, OUTPUTS): logits, AU / 5, pose / 30°, gaze, logit."""
        out: Tensor = self.head(self.embed(crops))
        return out

    def embed(self, crops: Tensor) -> Tensor:
        """(N, 1, 48, 48) grey in 0..1 → (N, widths[3]), what the head reads."""
        mean = crops.mean(dim=(1, 2, 3), keepdim=True)
        spread = crops.std(dim=(1, 2, 3), keepdim=True).clamp_min(_CONTRAST_FLOOR)
        features: Tensor = self.stages(self.stem((crops - mean) / spread))
        return features.mean(dim=(2, 3))
