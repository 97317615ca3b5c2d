"""Cutting a signal into overlapping frames, and the grid that all voice measures share."""

import numpy as np
from numpy.typing import NDArray

from affect_llm.types import AUDIO_RATE_HZ

Signal = NDArray[np.float32]
HOP = AUDIO_RATE_HZ // 100
"""Samples between frames: every voice measure is on a grid of 10 ms."""
HOP_S = HOP / AUDIO_RATE_HZ
SILENCE_DB = -120.0
"""Below what 16 bits can hold: the level of digital silence, which has no logarithm."""
_LEVEL_SIZE = AUDIO_RATE_HZ // 40
"""Samples that a level is taken over: the usual 25 ms."""


def frames_of(samples: Signal, size: int) -> Signal:
    """Frames of `size` samples every `HOP`, the k-th centred on sample `k * HOP + HOP // 2`.

    Args:
        samples: (n,) float32.
        size: samples in a frame, at least `HOP`.

    Returns:
        (n // HOP, size) float32, read-only view; the ends see zeros.
    """
    count = len(samples) // HOP
    before = (size - HOP) // 2
    padded = np.pad(samples, (before, size))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)
    return windows[: count * HOP : HOP]


def level_db(samples: Signal) -> NDArray[np.float64]:
    """RMS level of each frame in dB relative to full scale, not below `SILENCE_DB`."""
    if len(samples) < HOP:
        return np.zeros(0)
    power = np.mean(np.square(frames_of(samples, _LEVEL_SIZE), dtype=np.float64), axis=1)
    return np.asarray(10.0 * np.log10(power + 10.0 ** (SILENCE_DB / 10.0)))


def runs_of(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """(k, 2) half-open index ranges of the stretches where `mask` is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return edges.reshape(-1, 2)
