"""Fitting one network: batches with random copies, masking and mixing, averaged weights."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from affect_llm.cues.kinds import EMOTIONS
from affect_llm.cues.voice.network import NetworkShape, VoiceNetwork
from workshop.voice.batches import Rows, SpeechBatch, augmented, collate
from workshop.voice.features import SpeechFeatures
from workshop.voice.targets import VoiceTargets
from workshop.weight_average import AveragedTraining


@dataclass(frozen=True, slots=True)
class VoiceFitOptions:
    """Sizes of a network, and how long and how hard it is trained."""

    epochs: int = 45
    batch: int = 48
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    smoothing: float = 0.1
    mix: float = 0.3
    affect_weight: float = 0.5
    width: int = 64
    hidden: int = 128
    dropout: float = 0.4


def fit_network(
    features: SpeechFeatures,
    targets: VoiceTargets,
    clips: Rows,
    options: VoiceFitOptions,
    seed: int,
) -> VoiceNetwork:
    """Train on the features of `clips` (indices), whose targets are rows of `targets`.

    Returns:
        The exponential average of the weights over the last batches (decay 0.98).
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = VoiceNetwork(shape_of(features, options))
    rows = np.flatnonzero(np.isin(features.clip, clips))
    _standardise(network, features, rows)
    by_clip = _copies(features, rows)
    steps = options.epochs * -(-len(by_clip) // options.batch)
    training = AveragedTraining(
        network,
        rate=options.learning_rate,
        weight_decay=options.weight_decay,
        steps=steps,
        rising=0.2,
        average_decay=0.98,
    )
    for chosen in (b for _ in range(options.epochs) for b in _epoch(by_clip, options.batch, rng)):
        batch = augmented(collate(features, targets, chosen), options.mix, rng)
        training.step(loss_of(network, batch, options), longest=2.0)
    return training.averaged()


def shape_of(features: SpeechFeatures, options: VoiceFitOptions) -> NetworkShape:
    """The sizes that `options` ask for, for these features."""
    return NetworkShape(
        summary=features.summaries.shape[1],
        classes=len(EMOTIONS),
        width=options.width,
        hidden=options.hidden,
        dropout=options.dropout,
    )


def loss_of(network: VoiceNetwork, batch: SpeechBatch, options: VoiceFitOptions) -> Tensor:
    """Weighted cross-entropy over the corpus's own classes, plus squared error of affect."""
    logits, affect = network(batch.sequence, batch.mask, batch.summary)
    log_p = logits.masked_fill(~batch.allowed, -1e4).log_softmax(dim=1)
    smooth = batch.allowed / batch.allowed.sum(dim=1, keepdim=True)
    target = (1 - options.smoothing) * batch.emotion + options.smoothing * smooth
    entropy: Tensor = -(batch.weight * (target * log_p).sum(dim=1)).mean()
    squares: Tensor = (affect - batch.affect).square().mean()
    return entropy + options.affect_weight * squares


def _standardise(network: VoiceNetwork, features: SpeechFeatures, rows: Rows) -> None:
    frames = np.concatenate([features.sequences[r] for r in rows[:2000]]).astype(np.float32)
    network.sequence_mean.copy_(torch.from_numpy(frames.mean(axis=0)))
    network.sequence_scale.copy_(torch.from_numpy(frames.std(axis=0) + 1e-3))
    summaries = features.summaries[rows]
    network.summary_mean.copy_(torch.from_numpy(summaries.mean(axis=0)))
    network.summary_scale.copy_(torch.from_numpy(summaries.std(axis=0) + 1e-3))


def _copies(features: SpeechFeatures, rows: Rows) -> list[Rows]:
    """The rows of each clip, all its copies together."""
    order = rows[np.argsort(features.clip[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(features.clip[order])) + 1
    return np.split(order, starts)


def _epoch(by_clip: list[Rows], size: int, rng: np.random.Generator) -> Iterator[list[int]]:
    """Batches that hold one random copy of every clip."""
    order = rng.permutation(len(by_clip))
    for part in np.array_split(order, -(-len(order) // size)):
        yield [int(rng.choice(by_clip[i])) for i in part]
