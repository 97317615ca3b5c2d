"""Everything that is measured every 10 ms, computed once and read by prosody and the head."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import HOP, Signal, frames_of, level_db
from affect_llm.cues.voice.pitch import PitchTrack, track_pitch
from affect_llm.cues.voice.vad import SpeechDetector
from affect_llm.types import AUDIO_RATE_HZ

Array = NDArray[np.float64]
_FLOOR = 1e-9
"""Power is taken as at least about this, -90 dB, before its logarithm."""
BANDS = 64
_LOW_HZ = 50.0
_HIGH_HZ = 7600.0
"""Bands end below the Nyquist frequency of 8 kHz, where resampling has already damped."""
_SIZE = 512
"""Samples in a frame, 32 ms: the power of two next to the usual 25 ms."""
_BLOCK = 2048
"""Frames transformed at once, which bounds the memory of a long stretch."""


@dataclass(frozen=True, slots=True)
class VoiceFrames:
    """A stretch of sound on the grid of `frame_grid`, T frames.

    Args:
        samples: (n,) float32, n // HOP == T.
        speech: (T,) whether someone speaks.
        level_db: (T,) RMS level in dB re full scale, 25 ms.
        pitch: F0 and its strength.
        log_mel: (T, BANDS) natural-log power.
        spectral_db: (T, len(SPECTRAL)) the measures named in `SPECTRAL`.
    """

    samples: Signal
    speech: NDArray[np.bool_]
    level_db: Array
    pitch: PitchTrack
    log_mel: Signal
    spectral_db: Array

    def cut(self, start: int, end: int) -> "VoiceFrames":
        """The same measures of the frames from `start` up to `end` alone."""
        return replace(
            self,
            samples=self.samples[start * HOP : end * HOP],
            speech=self.speech[start:end],
            level_db=self.level_db[start:end],
            pitch=PitchTrack(self.pitch.f0_hz[start:end], self.pitch.strength[start:end]),
            log_mel=self.log_mel[start:end],
            spectral_db=self.spectral_db[start:end],
        )


SPECTRAL = ("alpha", "hammarberg", "slope_low", "slope_mid", "centroid", "flux")
"""Balance and shape of the spectrum, as in eGeMAPS (Eyben et al. 2016, IEEE TAC 7(2))."""


def describe(samples: Signal, detect: SpeechDetector) -> VoiceFrames:
    """Measure `samples`, (n,) float32 mono at 16 kHz, every 10 ms."""
    import scipy.fft

    # (n // HOP, 257) float32 of 32 ms Hann frames; a full-scale sine has 1 in all.
    frames = frames_of(samples, _SIZE)
    window = np.hanning(_SIZE + 1)[:-1].astype(np.float32)
    scale = 4.0 / (np.sum(np.square(window)) * _SIZE)
    parts = [np.zeros((0, _SIZE // 2 + 1), dtype=np.float32)]
    for start in range(0, len(frames), _BLOCK):
        spectrum = scipy.fft.rfft(frames[start : start + _BLOCK] * window, axis=1)
        squares = np.square(spectrum.real) + np.square(spectrum.imag)
        parts.append((squares * scale).astype(np.float32))
    power = np.concatenate(parts)
    return VoiceFrames(
        samples=samples,
        speech=detect(samples),
        level_db=level_db(samples),
        pitch=track_pitch(samples),
        log_mel=np.asarray(np.log(power @ _mel_filters() + _FLOOR), dtype=np.float32),
        spectral_db=_spectral(power.astype(np.float64)),
    )


@cache
def _mel_filters() -> NDArray[np.float32]:
    """(257, BANDS) triangles of unit peak, equally wide in mel, 2595 log10(1 + f / 700)."""
    low, high = (float(2595.0 * np.log10(1.0 + hz / 700.0)) for hz in (_LOW_HZ, _HIGH_HZ))
    mel = np.linspace(low, high, BANDS + 2)
    edges = 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    hz = np.linspace(0, AUDIO_RATE_HZ / 2, _SIZE // 2 + 1)[:, None]
    rising = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)


def _spectral(power: Array) -> Array:
    hz = np.linspace(0, AUDIO_RATE_HZ / 2, power.shape[1])
    decibel = 10.0 * np.log10(power + _FLOOR)
    flow = power / (power.sum(axis=1, keepdims=True) + _FLOOR)
    change = np.abs(np.diff(flow, axis=0, prepend=flow[:1])).sum(axis=1)
    bright, dull = (power[:, _band(hz, *edges)].sum(axis=1) for edges in ((1000, 5000), (50, 1000)))
    columns = (
        10.0 * np.log10((bright + _FLOOR) / (dull + _FLOOR)),
        decibel[:, _band(hz, 0, 2000)].max(axis=1) - decibel[:, _band(hz, 2000, 5000)].max(axis=1),
        _slope(decibel[:, _band(hz, 0, 500)], hz[_band(hz, 0, 500)]),
        _slope(decibel[:, _band(hz, 500, 1500)], hz[_band(hz, 500, 1500)]),
        10.0 * np.log10(flow @ hz + 1.0),
        10.0 * change,
    )
    return np.stack(columns, axis=1)


def _band(hz: Array, low: float, high: float) -> slice:
    first, last = np.searchsorted(hz, [low, high])
    return slice(int(first), int(last))


def _slope(decibel: Array, hz: Array) -> Array:
    """Least-squares slope in dB per kHz of each row."""
    x = (hz - hz.mean()) / 1000.0
    return np.asarray(decibel @ x / np.sum(np.square(x)))
