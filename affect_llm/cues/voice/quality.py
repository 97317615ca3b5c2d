"""How regular the voice is: jitter, shimmer and the harmonics-to-noise ratio."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import HOP, Signal, runs_of
from affect_llm.cues.voice.pitch import PitchTrack
from affect_llm.types import AUDIO_RATE_HZ

_SEARCH = 0.2
"""The next period is looked for within this share of its expected length."""
_MAX_PERIOD_FACTOR = 1.3
_MAX_AMPLITUDE_FACTOR = 1.6
_LOWPASS_HZ = 1000.0
"""Above it are formants, whose ripples would be taken for the peaks of periods."""
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Periods:
    """Successive pitch periods that belong together.

    Args:
        jitter: mean absolute difference of neighbouring periods over the mean period, in %.
        shimmer_db: mean absolute level difference of neighbouring cycles, in dB.
        count: how many pairs of periods were compared.
    """

    jitter: float
    shimmer_db: float
    count: int


def measure_periods(samples: Signal, pitch: PitchTrack) -> Periods | None:
    """Jitter (local) and shimmer (local, dB) over all voiced runs; None under three periods.

    Pairs whose periods differ by more than 1.3 times, or amplitudes by more than 1.6, are not
    neighbours and are left out (the limits of Praat's voice report; Boersma, Weenink).
    """
    from scipy.signal import butter, sosfiltfilt

    smooth = samples.astype(np.float64)
    if len(smooth) > 32:  # the filter needs some samples beyond each end
        low_pass = butter(2, _LOWPASS_HZ, fs=AUDIO_RATE_HZ, output="sos")
        smooth = np.asarray(sosfiltfilt(low_pass, smooth))
    periods, ratios = [], []
    for start, end in runs_of(pitch.voiced):
        marks, tops = _marks(smooth, pitch.f0_hz, int(start), int(end))
        if len(marks) > 3:
            lengths = np.diff(marks)
            periods.append(np.stack([lengths[:-1], lengths[1:]]))
            ratios.append(np.stack([tops[:-2], tops[1:-1]]))
    if not periods:
        return None
    gaps, heights = np.concatenate(periods, axis=1), np.concatenate(ratios, axis=1)
    steady = gaps.max(axis=0) < _MAX_PERIOD_FACTOR * gaps.min(axis=0)
    even = heights.max(axis=0) < _MAX_AMPLITUDE_FACTOR * heights.min(axis=0)
    if steady.sum() < 2 or (steady & even).sum() < 2:
        return None
    first, second = gaps[:, steady]
    levels = 20.0 * np.log10(heights[:, steady & even])
    return Periods(
        jitter=float(100.0 * np.abs(second - first).mean() / gaps[:, steady].mean()),
        shimmer_db=float(np.abs(levels[1] - levels[0]).mean()),
        count=int(steady.sum()),
    )


def harmonicity_db(pitch: PitchTrack) -> Array:
    """Harmonics-to-noise ratio of voiced frames, 10 log10(r / (1 - r)); Boersma (1993), eq. 4."""
    r = np.clip(pitch.strength[pitch.voiced], 1e-3, 1 - 1e-4)  # from -30 to 40 dB
    return np.asarray(10.0 * np.log10(r / (1.0 - r)))


def _marks(signal: Array, f0_hz: Array, start: int, end: int) -> tuple[Array, Array]:
    """One peak per period, walking from the left; positions in samples, heights above zero."""
    stretch = signal[start * HOP : end * HOP]
    if -stretch.min() > stretch.max():
        stretch = -stretch
    positions, heights = [], []
    period = AUDIO_RATE_HZ / f0_hz[start]
    at = int(np.argmax(stretch[: int(1.2 * period) + 1]))
    while True:
        place, height = _vertex(stretch, at)
        positions.append(place)
        heights.append(height)
        period = AUDIO_RATE_HZ / f0_hz[min(start + at // HOP, end - 1)]
        low = at + int((1 - _SEARCH) * period)
        high = at + int((1 + _SEARCH) * period) + 1
        if high >= len(stretch):
            return np.array(positions), np.maximum(np.array(heights), 1e-9)
        at = low + int(np.argmax(stretch[low:high]))


def _vertex(y: Array, at: int) -> tuple[float, float]:
    """Top of the parabola through three samples."""
    if at < 1 or at > len(y) - 2:
        return float(at), float(y[at])
    curve = y[at - 1] - 2 * y[at] + y[at + 1]
    if curve >= 0:
        return float(at), float(y[at])
    shift = 0.5 * float((y[at - 1] - y[at + 1]) / curve)
    return at + shift, float(y[at] - 0.25 * (y[at - 1] - y[at + 1]) * shift)
