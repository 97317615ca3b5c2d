"""The voice head's network: convolutions over time with attention, beside a summary branch.

The head is several of them, whose logits are averaged.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from affect_llm.cues.voice.head_input import CHANNELS


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """How large one member of the ensemble is."""

    summary: int
    classes: int
    width: int = 64
    hidden: int = 128
    dropout: float = 0.4


class VoiceNetwork(nn.Module):
    """Emotion logits, arousal and valence of a batch of speech stretches.

    Args:
        shape: sizes; buffers `*_mean` and `*_scale` standardise the inputs and are saved with it.
    """

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.sequence_mean: Tensor
        self.sequence_scale: Tensor
        self.summary_mean: Tensor
        self.summary_scale: Tensor
        self.register_buffer("sequence_mean", torch.zeros(CHANNELS))
        self.register_buffer("sequence_scale", torch.ones(CHANNELS))
        self.register_buffer("summary_mean", torch.zeros(shape.summary))
        self.register_buffer("summary_scale", torch.ones(shape.summary))
        self.heard = SequenceBranch(shape)
        self.summed = nn.Sequential(
            nn.Dropout(0.2),
            nn.Linear(shape.summary, shape.hidden),
            nn.BatchNorm1d(shape.hidden),
            nn.ReLU(),
            nn.Dropout(shape.dropout),
        )
        outputs = shape.classes + 2
        self.from_heard = nn.Linear(2 * shape.width, outputs)
        self.from_summed = nn.Linear(shape.hidden, outputs)

    def forward(self, sequence: Tensor, mask: Tensor, summary: Tensor) -> tuple[Tensor, Tensor]:
        """Score a batch of speech stretches.

        Args:
            sequence: (B, T, CHANNELS) float32, padded.
            mask: (B, T) bool, true where there is sound.
            summary: (B, F) float32.

        Returns:
            logits (B, classes); arousal and valence (B, 2) in [-1, 1].
        """
        x = (sequence - self.sequence_mean) / self.sequence_scale
        s = ((summary - self.summary_mean) / self.summary_scale).clamp(-5, 5)
        both = self.from_heard(self.heard(x, mask)) + self.from_summed(self.summed(s))
        return both[:, :-2], torch.tanh(both[:, -2:])


class VoiceEnsemble(nn.Module):
    """Networks that differ in their seeds, and whose outputs are averaged.

    Args:
        shape: sizes of each network.
        members: how many networks.
    """

    def __init__(self, shape: NetworkShape, members: int) -> None:
        super().__init__()
        self.shape = shape
        self.members = nn.ModuleList([VoiceNetwork(shape) for _ in range(members)])

    def networks(self) -> list[VoiceNetwork]:
        """The members of the ensemble, typed as what they are."""
        return [member for member in self.members if isinstance(member, VoiceNetwork)]

    def forward(self, sequence: Tensor, mask: Tensor, summary: Tensor) -> tuple[Tensor, Tensor]:
        """Means over the networks: logits (B, classes); arousal and valence (B, 2)."""
        outputs = [member(sequence, mask, summary) for member in self.members]
        logits = torch.stack([o[0] for o in outputs]).mean(dim=0)
        return logits, torch.stack([o[1] for o in outputs]).mean(dim=0)


class SequenceBranch(nn.Module):
    """Steps of 40 ms, three blocks over time, then mean and spread weighted by attention.

    Every channel comes twice, as it is and relative to its mean over the stretch: what a voice
    does differs less from speaker to speaker than where it lies.
    """

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        width = shape.width
        self.blocks = nn.ModuleList(
            [Block(2 * CHANNELS, width, 5, 2), Block(width, width, 5, 2), Block(width, width, 3, 1)]
        )
        self.attend = nn.Linear(width, 1)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, CHANNELS) and (B, T) to (B, 2 * width)."""
        x = self.steps(x, mask)
        steps = mask[:, ::8][:, : x.shape[2]]
        x = x.transpose(1, 2)
        scores = self.attend(x).squeeze(2).masked_fill(~steps, -1e4)
        weights = scores.softmax(dim=1).unsqueeze(2)
        mean = (weights * x).sum(dim=1)
        spread = (weights * (x - mean.unsqueeze(1)).square()).sum(dim=1)
        pooled: Tensor = self.drop(torch.cat([mean, (spread + 1e-4).sqrt()], dim=1))
        return pooled

    def steps(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, CHANNELS) and (B, T) to (B, width, ceil(T / 8)), a column per 160 ms."""
        sound = mask.unsqueeze(2)
        mean = (x * sound).sum(dim=1, keepdim=True) / sound.sum(dim=1, keepdim=True).clamp(min=1)
        both = torch.cat([x, x - mean], dim=2) * sound
        x = nn.functional.avg_pool1d(both.transpose(1, 2), 2, ceil_mode=True)
        for block in self.blocks:
            x = block(x)
        return x


class Block(nn.Module):
    """A strided convolution, then batch normalisation, ReLU and dropout."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.convolve = nn.Conv1d(inputs, outputs, kernel, stride, padding=kernel // 2)
        self.normalise = nn.BatchNorm1d(outputs)
        self.drop = nn.Dropout(0.15)

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs, T) to (B, outputs, ceil(T / stride))."""
        return torch.as_tensor(self.drop(torch.relu(self.normalise(self.convolve(x)))))
