"""Where somebody may be speaking: nothing outside is ever given to a recogniser.

Whisper invents words in silence, noise and music, and is sure of them, so what it says of itself
is not enough: its input is gated by level and by a voice-activity detector, whichever is there.
"""

from functools import cache
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import HOP, Signal, level_db, runs_of
from affect_llm.cues.voice.vad import SpeechDetector, silero_speech, webrtc_speech
from affect_llm.store.cache import locate
from affect_llm.types import AUDIO_RATE_HZ

Mask = NDArray[np.bool_]

QUIETEST_DB = -55.0
"""Below this level (dB re full scale) nothing is speech."""
ABOVE_FLOOR_DB = 9.0
"""Speech stands out from the quiet moments around it; steady noise does not."""
_FLOOR_PERCENTILE = 10.0
"""The level of the quiet moments: speech leaves at least a tenth of a stretch without sound."""
_PAD = 20
_LEAST = 15
"""Both in frames of 10 ms: what is added around speech, and the least that counts as any."""


def speech_mask(samples: Signal) -> Mask:
    """Whether somebody may be speaking, per 10 ms.

    Args:
        samples: (n,) float32 at `AUDIO_RATE_HZ`.

    Returns:
        (n // HOP,): loud enough, standing out from the floor, and speech to the detector (Silero
        where its weights are in the store, else WebRTC, else level alone), at least 0.15 s at a
        time and widened by 0.2 s at both ends.
    """
    level = level_db(samples)
    if not len(level):
        return np.zeros(0, dtype=np.bool_)
    floor = float(np.percentile(level, _FLOOR_PERCENTILE))
    mask = level > max(QUIETEST_DB, floor + ABOVE_FLOOR_DB)
    if mask.any() and (detector := _detector()) is not None:
        mask = _joined(mask) & detector(samples)[: len(mask)]
    runs = _joined(mask)
    wide = np.zeros_like(mask)
    for start, end in runs_of(runs):
        if mask[start:end].sum() >= _LEAST:
            wide[max(0, start - _PAD) : end + _PAD] = True
    return wide


@cache
def _detector() -> SpeechDetector | None:
    weights = locate("silero-vad")
    if weights is not None and find_spec("onnxruntime") is not None:
        return silero_speech(weights)
    return webrtc_speech if find_spec("webrtcvad") is not None else None


def _joined(mask: Mask) -> Mask:
    """The mask with gaps filled that are shorter than twice the padding."""
    filled = mask.copy()
    for start, end in runs_of(~mask):
        if end - start < 2 * _PAD and start > 0 and end < len(mask):
            filled[start:end] = True
    return filled


def share_of(mask: Mask, start_s: float, end_s: float) -> float:
    """Share of a stretch, in seconds, that may be speech; 0 for an empty one."""
    per_second = AUDIO_RATE_HZ // HOP
    part = mask[int(start_s * per_second) : max(int(end_s * per_second), 1)]
    return float(part.mean()) if len(part) else 0.0
