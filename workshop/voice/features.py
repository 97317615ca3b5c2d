"""Features of every clip and of its varied copies, computed once and kept in a file."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.cues.voice.frames import describe
from affect_llm.cues.voice.head_input import HeadInput, head_input, speech_pieces
from affect_llm.cues.voice.vad import webrtc_speech
from workshop.voice.augmentation import vary
from workshop.voice.clips import SpeechClip, read_samples


@dataclass(frozen=True, slots=True)
class SpeechFeatures:
    """N stretches of speech, from clips and their copies.

    Args:
        sequences: N arrays (T, CHANNELS) float16.
        summaries: (N, F) float32.
        clip: (N,) index of the clip each comes from.
        copy: (N,) 0 for the clip as recorded.
    """

    sequences: list[NDArray[np.float16]]
    summaries: Signal
    clip: NDArray[np.intp]
    copy: NDArray[np.intp]


def inputs_of(samples: Signal) -> list[HeadInput]:
    """The head's inputs for a recording; the whole of it if no speech is found in it."""
    frames = describe(samples, webrtc_speech)
    pieces = list(speech_pieces(frames)) or [frames]
    return [head_input(piece) for piece in pieces]


def compute_features(clips: Sequence[SpeechClip], copies: int, workers: int = 2) -> SpeechFeatures:
    """Features of each clip and, for clips that may be trained on, of `copies` varied copies."""
    jobs = [(i, c, k) for i, c in enumerate(clips) for k in range(1 if c.test else copies + 1)]
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(_inputs, jobs, chunksize=32))
    rows = [(job, x) for job, inputs in zip(jobs, found, strict=True) for x in inputs]
    return SpeechFeatures(
        sequences=[x.sequence.astype(np.float16) for _, x in rows],
        summaries=np.stack([x.summary for _, x in rows]),
        clip=np.array([job[0] for job, _ in rows]),
        copy=np.array([job[2] for job, _ in rows]),
    )


def _inputs(job: tuple[int, SpeechClip, int]) -> list[HeadInput]:
    _, clip, copy = job
    samples = read_samples(clip.path)
    if copy == 0:
        return inputs_of(samples)
    seed = hashlib.sha256(f"{clip.file}#{copy}".encode()).digest()[:8]
    return inputs_of(vary(samples, np.random.default_rng(int.from_bytes(seed, "little"))))


def save_features(features: SpeechFeatures, path: Path) -> None:
    """Write the features to one `.npz`."""
    np.savez(
        path,
        frames=np.concatenate(features.sequences),
        lengths=np.array([len(s) for s in features.sequences]),
        summaries=features.summaries,
        clip=features.clip,
        copy=features.copy,
    )


def load_features(path: Path) -> SpeechFeatures:
    """Read what `save_features` wrote."""
    with np.load(path) as stored:
        ends = np.cumsum(stored["lengths"])
        return SpeechFeatures(
            sequences=np.split(stored["frames"], ends[:-1]),
            summaries=stored["summaries"],
            clip=stored["clip"],
            copy=stored["copy"],
        )
