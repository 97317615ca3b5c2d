"""A clip's sound in overlapping stretches on one grid, with memory of one stretch."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.encoders.encoder import ClipEncoder
from affect_llm.types import AUDIO_RATE_HZ, Absence, AudioWindow, Clip, Modality

Signal = NDArray[np.float32]
_READ_S = 5.0
"""Sound is decoded in windows of this length, so that memory stays flat."""


class SoundEncoder(ClipEncoder):
    """What encoders of sound share: a clip can be too short."""

    modality = Modality.AUDIO
    shortest_s = 0.1
    """Seconds of sound below which there is no row."""

    def nothing(self, clip: Clip) -> Absence:
        """The absence of features of a clip that is too short."""
        reason = f"the sound of {clip.name} is shorter than {self.shortest_s:g} s"
        return Absence(modality=self.modality, state="absent", reason=reason)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of sound with some context on both sides.

    Args:
        samples: (n,) float32 at 16 kHz.
        first: place in the clip of samples[0].
        begin: first sample of the clip that this stretch answers for.
        end: first sample that the next one answers for; None for the last stretch.
    """

    samples: Signal
    first: int
    begin: int
    end: int | None

    def owns(self, starts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether what begins at these samples of the clip is this stretch's to tell."""
        return (starts >= self.begin) & (self.end is None or starts < self.end)


@dataclass(frozen=True, slots=True)
class Level:
    """Mean and variance over all samples of a clip."""

    mean: float
    variance: float

    def normalise(self, samples: Signal) -> Signal:
        """Zero mean and unit variance over the clip, as `Wav2Vec2FeatureExtractor` does it."""
        scaled = (samples.astype(np.float64) - self.mean) / np.sqrt(self.variance + 1e-7)
        return np.asarray(scaled, dtype=np.float32)


def stretches(clip: Clip, core: int, margin: int) -> Iterator[Stretch]:
    """The clip's sound in stretches of `core` samples with `margin` more on each side.

    A clip of at most `core + margin` samples is one stretch.

    Args:
        clip: must have a source.
        core: samples that a stretch answers for.
        margin: samples of context; the first and the last stretch have none beyond the clip.
    """
    held, first, begin = np.zeros(0, dtype=np.float32), 0, 0
    for window in _windows(clip):
        held = np.concatenate([held, window.samples])
        while first + len(held) > begin + core + margin:
            last = begin + core + margin - first
            yield Stretch(held[:last], first, begin, begin + core)
            begin += core
            cut = max(0, begin - margin - first)
            held, first = held[cut:], first + cut
    if len(held):
        yield Stretch(held, first, begin, None)


def level_of(clip: Clip) -> Level:
    """Level of the whole clip, in one pass over its sound."""
    count, total, squares = 0, 0.0, 0.0
    for window in _windows(clip):
        samples = window.samples.astype(np.float64)
        count += len(samples)
        total += float(samples.sum())
        squares += float(np.square(samples).sum())
    mean = total / max(count, 1)
    return Level(mean, max(squares / max(count, 1) - mean**2, 0.0))


def _windows(clip: Clip) -> Iterator[AudioWindow]:
    if clip.source is None:
        return iter(())
    return clip.source.audio(_READ_S)


def samples_of(seconds: float) -> int:
    """How many samples so many seconds have."""
    return round(seconds * AUDIO_RATE_HZ)
