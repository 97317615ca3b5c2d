"""Log-mel spectrogram, the input of the voice head."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import Signal, frames_of
from affect_llm.types import AUDIO_RATE_HZ

BANDS = 64
LOW_HZ = 50.0
HIGH_HZ = 7600.0
"""Bands end below the Nyquist frequency of 8 kHz, where resampling has already damped."""
_SIZE = 512
"""Samples in a frame, 32 ms: the power of two next to the usual 25 ms."""
_FLOOR = 1e-9
_BLOCK = 2048
"""Frames transformed at once, which bounds the memory of a long stretch."""


def log_mel_of(power: Signal) -> Signal:
    """(T, BANDS) float32, the natural log of the mel power of a power spectrum (T, 257)."""
    return np.asarray(np.log(power @ mel_filters() + _FLOOR), dtype=np.float32)


def power_spectrum(samples: Signal) -> Signal:
    """(n // HOP, 257) float32 of 32 ms Hann frames; a full-scale sine has 1 in all."""
    import scipy.fft

    frames = frames_of(samples, _SIZE)
    window = np.hanning(_SIZE + 1)[:-1].astype(np.float32)
    scale = 4.0 / (np.sum(np.square(window)) * _SIZE)
    parts = [np.zeros((0, _SIZE // 2 + 1), dtype=np.float32)]
    for start in range(0, len(frames), _BLOCK):
        spectrum = scipy.fft.rfft(frames[start : start + _BLOCK] * window, axis=1)
        power = np.square(spectrum.real) + np.square(spectrum.imag)
        parts.append((power * scale).astype(np.float32))
    return np.concatenate(parts)


@cache
def mel_filters() -> NDArray[np.float32]:
    """(257, BANDS) triangles of unit peak, equally wide in mel, 2595 log10(1 + f / 700)."""
    low, high = (float(2595.0 * np.log10(1.0 + hz / 700.0)) for hz in (LOW_HZ, HIGH_HZ))
    mel = np.linspace(low, high, BANDS + 2)
    edges = 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    hz = np.linspace(0, AUDIO_RATE_HZ / 2, _SIZE // 2 + 1)[:, None]
    rising = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)
