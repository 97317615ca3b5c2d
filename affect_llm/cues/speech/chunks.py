"""Long sound in pieces that a recogniser can take, cut where nobody speaks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from affect_llm.cues.speech.gate import Mask, speech_mask
from affect_llm.cues.speech.transcriber import MAX_CHUNK_S
from affect_llm.cues.voice.frame_grid import HOP, HOP_S, Signal, level_db
from affect_llm.types import AUDIO_RATE_HZ, AudioWindow

_LONGEST = int(MAX_CHUNK_S * AUDIO_RATE_HZ)
_EARLIEST_CUT = 2 * _LONGEST // 3
"""Pieces are cut in their last third, so that none is much shorter than it may be."""
_QUIET = 20
"""Frames of 10 ms around a cut that are quietest together."""


@dataclass(frozen=True, slots=True)
class SoundChunk:
    """`samples` (n,) of at most `MAX_CHUNK_S`, from `start_s`, with where speech may be."""

    start_s: float
    samples: Signal
    mask: Mask

    @property
    def speech_s(self) -> float:
        """How many seconds of the chunk may be speech."""
        return float(self.mask.sum()) * HOP_S


def chunks_of(windows: Iterable[AudioWindow]) -> Iterator[SoundChunk]:
    """Pieces of consecutive windows, each ending at a quiet moment; memory stays flat."""
    held = np.zeros(0, dtype=np.float32)
    start_s = 0.0
    for window in windows:
        if not len(held):
            start_s = window.start_s
        held = np.concatenate([held, window.samples])
        while len(held) > _LONGEST:
            level = level_db(held[_EARLIEST_CUT:_LONGEST])
            smooth = np.convolve(level, np.ones(_QUIET) / _QUIET, mode="valid")
            cut = _EARLIEST_CUT + (int(np.argmin(smooth)) + _QUIET // 2) * HOP
            yield SoundChunk(start_s, held[:cut], speech_mask(held[:cut]))
            held, start_s = held[cut:], start_s + cut / AUDIO_RATE_HZ
    if len(held) >= HOP:
        yield SoundChunk(start_s, held, speech_mask(held))
