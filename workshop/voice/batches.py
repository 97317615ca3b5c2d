"""Padded batches of speech stretches, and what is done to them while training."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from affect_llm.cues.kinds import EMOTIONS
from affect_llm.cues.voice.frames import BANDS
from workshop.voice.features import SpeechFeatures
from workshop.voice.targets import VoiceTargets

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class SpeechBatch:
    """A padded batch and its targets."""

    sequence: Tensor
    mask: Tensor
    summary: Tensor
    emotion: Tensor
    """(B, 8) probabilities, zero in all where there is no class."""
    allowed: Tensor
    affect: Tensor
    weight: Tensor


def collate(
    features: SpeechFeatures, targets: VoiceTargets, rows: Sequence[int] | Rows
) -> SpeechBatch:
    """The rows `rows` of `features`, padded to the longest, with their clips' targets."""
    sequences = [torch.from_numpy(features.sequences[r].astype(np.float32)) for r in rows]
    clips = features.clip[np.asarray(rows)]
    lengths = torch.tensor([len(s) for s in sequences])
    padded = nn.utils.rnn.pad_sequence(sequences, batch_first=True)
    emotion = torch.from_numpy(targets.emotion[clips])
    one_hot = nn.functional.one_hot(emotion.clamp(min=0), len(EMOTIONS)).float()
    return SpeechBatch(
        sequence=padded,
        mask=torch.arange(padded.shape[1])[None] < lengths[:, None],
        summary=torch.from_numpy(features.summaries[np.asarray(rows)]),
        emotion=one_hot * (emotion >= 0)[:, None],
        allowed=torch.from_numpy(targets.allowed[clips]),
        affect=torch.from_numpy(targets.affect[clips]),
        weight=torch.from_numpy(targets.weight[clips]),
    )


def augmented(batch: SpeechBatch, mix: float, rng: np.random.Generator) -> SpeechBatch:
    """Hide parts of each example and mix it with another of its corpus (Zhang et al. 2018)."""
    sequence = _masked(batch.sequence, rng)
    summary = batch.summary
    share = torch.from_numpy(rng.beta(mix, mix, len(summary)).astype(np.float32))
    share = torch.maximum(share, 1 - share)
    other = torch.from_numpy(rng.permutation(len(summary)))
    same = (batch.allowed == batch.allowed[other]).all(dim=1) & (batch.weight[other] > 0)
    wide = torch.where(same, share, torch.ones(()))[:, None, None]
    column = wide[:, :, 0]
    return SpeechBatch(
        sequence=wide * sequence + (1 - wide) * sequence[other],
        mask=batch.mask | (batch.mask[other] & (column < 1)),
        summary=column * summary + (1 - column) * summary[other],
        emotion=column * batch.emotion + (1 - column) * batch.emotion[other],
        allowed=batch.allowed,
        affect=column * batch.affect + (1 - column) * batch.affect[other],
        weight=batch.weight,
    )


def _masked(sequence: Tensor, rng: np.random.Generator) -> Tensor:
    """SpecAugment (Park et al. 2019): a band and a stretch of each example set to their mean."""
    count, steps, _ = sequence.shape
    time, bands = np.arange(steps)[None], np.arange(sequence.shape[2])[None]
    width = rng.integers(0, BANDS // 4, (count, 1))
    low = rng.integers(0, BANDS - width)
    hidden_bands = (bands >= low) & (bands < low + width)
    length = rng.integers(0, steps // 5 + 1, (count, 1))
    start = rng.integers(0, steps - length)
    hidden_time = (time >= start) & (time < start + length)
    hidden = torch.from_numpy(hidden_bands[:, None, :] | hidden_time[:, :, None])
    return torch.where(hidden, sequence.mean(dim=1, keepdim=True), sequence)
