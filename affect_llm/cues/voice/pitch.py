"""Fundamental frequency by autocorrelation, the best path chosen over the whole stretch.

Source: P. Boersma (1993), "Accurate short-term analysis of the fundamental frequency and the
harmonics-to-noise ratio of a sampled sound", IFA Proceedings 17, 97-110.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import HOP_S, Signal, frames_of
from affect_llm.types import AUDIO_RATE_HZ

FLOOR_HZ = 75.0
CEILING_HZ = 600.0
"""Praat's standard range; it holds men's low and women's raised voices."""
_SIZE = int(3 * AUDIO_RATE_HZ / FLOOR_HZ)  # three periods of the lowest pitch
_FFT = 2048  # >= 1.5 * _SIZE, so that no lag that is used wraps around
_CANDIDATES = 4
_BLOCK = 1024
"""Frames analysed at once, which bounds the memory of a long stretch."""
# Thresholds and costs as Boersma's algorithm has them in Praat ("To Pitch (ac)").
_VOICING = 0.45
_SILENCE = 0.03
_OCTAVE = 0.01
_OCTAVE_JUMP = 0.35
_VOICED_UNVOICED = 0.14
_STEP = 0.01 / HOP_S
"""The jump costs are stated for steps of 10 ms."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PitchTrack:
    """The fundamental frequency (F0) on the grid of `frame_grid`.

    Args:
        f0_hz: (T,) 0 where unvoiced.
        strength: (T,) normalised autocorrelation at the period, 0 to 1; 0 where unvoiced.
    """

    f0_hz: Array
    strength: Array

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """(T,) whether a frame has a pitch."""
        return self.f0_hz > 0


def track_pitch(samples: Signal) -> PitchTrack:
    """Follow the pitch of `samples`, (n,) float32 at 16 kHz, between 75 and 600 Hz.

    Above about 450 Hz a period is some 30 samples, and a bright voice may be heard an octave or
    more too low.
    """
    count = len(samples) // int(HOP_S * AUDIO_RATE_HZ)
    if count == 0:
        return PitchTrack(np.zeros(0), np.zeros(0))
    frames = frames_of(samples, _SIZE)
    peak = float(np.abs(samples).max())
    parts = [_candidates(frames[i : i + _BLOCK], peak) for i in range(0, count, _BLOCK)]
    f0, strength, local = (np.concatenate(column) for column in zip(*parts, strict=True))
    path = _best_path(f0, local)
    rows = np.arange(count)
    chosen = f0[rows, path]
    return PitchTrack(chosen, np.where(chosen > 0, strength[rows, path], 0.0).clip(0, 1))


@cache
def _window_correlation() -> tuple[Signal, Array]:
    """The analysis window and its own autocorrelation, by which that of a frame is divided."""
    import scipy.fft

    window = np.hanning(_SIZE + 2)[1:-1].astype(np.float32)
    spectrum = np.abs(scipy.fft.rfft(window, _FFT)) ** 2
    correlation = scipy.fft.irfft(spectrum, _FFT)
    return window, correlation / correlation[0]


def _correlation(frames: Signal) -> Signal:
    import scipy.fft

    window, correlation = _window_correlation()
    centred = (frames - frames.mean(axis=1, keepdims=True)) * window
    spectrum = scipy.fft.rfft(centred, _FFT, axis=1)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    raw = scipy.fft.irfft(power, _FFT, axis=1)
    longest = int(AUDIO_RATE_HZ / FLOOR_HZ) + 2
    scale = np.maximum(raw[:, :1], 1e-12) * correlation[:longest].astype(np.float32)
    return np.asarray(raw[:, :longest] / scale, dtype=np.float32)


def _candidates(frames: Signal, peak: float) -> tuple[Array, Array, Array]:
    """Column 0 is "unvoiced"; the others are the strongest peaks of the autocorrelation."""
    r = _correlation(frames)
    shortest = int(AUDIO_RATE_HZ / CEILING_HZ)
    middle = r[:, shortest:-1]
    left, right = r[:, shortest - 1 : -2], r[:, shortest + 1 :]
    is_peak = (middle > left) & (middle >= right) & (middle > 0.5 * _VOICING)
    score = np.where(is_peak, middle, -1.0)
    best = np.argpartition(-score, _CANDIDATES, axis=1)[:, :_CANDIDATES]
    y0, y1, y2 = (np.take_along_axis(a, best, 1).astype(np.float64) for a in (left, middle, right))
    is_found = np.take_along_axis(is_peak, best, 1)
    curve = np.minimum(y0 - 2 * y1 + y2, -1e-9)
    shift = np.clip(0.5 * (y0 - y2) / curve, -0.5, 0.5)
    height = y1 - 0.25 * (y0 - y2) * shift
    f0 = np.where(is_found, AUDIO_RATE_HZ / (best + shortest + shift), 0.0)
    strength = np.where(is_found, np.minimum(height, 2.0 - height), 0.0)
    loudest = np.abs(frames).max(axis=1)
    relative = loudest / peak if peak > 0 else np.zeros_like(loudest)
    quiet = 2.0 - (relative / _SILENCE) / (1.0 + _VOICING)
    unvoiced = _VOICING + np.maximum(0.0, quiet)
    octaves = np.log2(np.maximum(f0, FLOOR_HZ) / CEILING_HZ)
    local = np.where(f0 > 0, strength + _OCTAVE * octaves, -9.0)  # -9: never chosen
    blank = np.zeros((len(f0), 1))
    return (
        np.concatenate([blank, f0], axis=1),
        np.concatenate([blank, strength], axis=1),
        np.concatenate([unvoiced[:, None], local], axis=1),
    )


def _best_path(f0: Array, local: Array) -> NDArray[np.intp]:
    """Viterbi: the candidates whose strengths, less the costs of jumping, sum highest."""
    log_f0 = np.log2(np.maximum(f0, 1.0))
    voiced = f0 > 0
    jump = np.abs(log_f0[1:, None, :] - log_f0[:-1, :, None]) * (_OCTAVE_JUMP * _STEP)
    both = voiced[1:, None, :] & voiced[:-1, :, None]
    differ = voiced[1:, None, :] != voiced[:-1, :, None]
    cost = np.where(both, jump, np.where(differ, _VOICED_UNVOICED * _STEP, 0.0))
    back = np.zeros(local.shape, dtype=np.intp)
    total = local[0]
    for t in range(1, len(local)):
        ways = total[:, None] - cost[t - 1]
        back[t] = ways.argmax(axis=0)
        total = ways.max(axis=0) + local[t]
    path = np.zeros(len(local), dtype=np.intp)
    path[-1] = int(total.argmax())
    for t in range(len(local) - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return path
