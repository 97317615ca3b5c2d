"""Fitting the ensembles of every fold and of all training speakers, side by side."""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from affect_llm.cues.voice.network import NetworkShape, VoiceEnsemble
from workshop.voice.batches import Rows, SpeechBatch, collate
from workshop.voice.features import SpeechFeatures, load_features
from workshop.voice.fit import VoiceFitOptions, fit_network, shape_of
from workshop.voice.targets import VoiceTargets


@dataclass(frozen=True, slots=True)
class FitJob:
    """One network to be fitted: on which clips, from which seed."""

    features: Path
    targets: VoiceTargets
    clips: Rows
    options: VoiceFitOptions
    seed: int


def fit_ensembles(
    features: Path,
    targets: VoiceTargets,
    parts: Sequence[Rows],
    options: VoiceFitOptions,
    seeds: Sequence[int],
    workers: int,
) -> list[VoiceEnsemble]:
    """One ensemble for each set of clips in `parts`, a network for each of `seeds`."""
    jobs = [FitJob(features, targets, part, options, seed) for part in parts for seed in seeds]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        states = list(pool.map(_fit, jobs))
    shape = shape_of(load_features(features), options)
    return [
        _ensemble(shape, states[i * len(seeds) : (i + 1) * len(seeds)]) for i in range(len(parts))
    ]


def score_clips(
    ensemble: VoiceEnsemble, features: SpeechFeatures, targets: VoiceTargets, clips: Rows
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logits (N, 8) and affect (N, 2) of each clip as recorded, its pieces by their lengths."""
    rows = np.flatnonzero(np.isin(features.clip, clips) & (features.copy == 0))
    outputs = np.concatenate(
        [_outputs(ensemble, collate(features, targets, [int(r)])) for r in rows]
    )
    lengths = np.array([len(features.sequences[r]) for r in rows], dtype=np.float64)
    share = (clips[:, None] == features.clip[rows][None]) * lengths[None]
    pooled = (share / share.sum(axis=1, keepdims=True)) @ outputs
    return pooled[:, :-2], pooled[:, -2:]


def _outputs(ensemble: VoiceEnsemble, alone: SpeechBatch) -> NDArray[np.float64]:
    """(1, 10) for a batch of one: padding would reach a little way into what is heard."""
    with torch.inference_mode():
        logits, affect = ensemble(alone.sequence, alone.mask, alone.summary)
    return np.asarray(torch.cat([logits, affect], dim=1).double().numpy())


def _fit(job: FitJob) -> dict[str, Tensor]:
    torch.set_num_threads(1)
    features = load_features(job.features)
    network = fit_network(features, job.targets, job.clips, job.options, job.seed)
    print(f"fitted a network on {len(job.clips)} clips, seed {job.seed}", flush=True)
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def _ensemble(shape: NetworkShape, states: Sequence[dict[str, Tensor]]) -> VoiceEnsemble:
    ensemble = VoiceEnsemble(shape, len(states))
    for member, state in zip(ensemble.members, states, strict=True):
        member.load_state_dict(state)
    return ensemble.eval()
