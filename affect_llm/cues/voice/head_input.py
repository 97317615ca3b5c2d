"""What the voice head's network sees of a stretch of speech."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.cues.voice.frames import BANDS, VoiceFrames
from affect_llm.cues.voice.functionals import functionals

CHANNELS = BANDS + 4
STEP = 2
"""Frames of 10 ms that make one step of the sequence."""
# All in frames of 10 ms.
LONGEST = 500
"""Five seconds: longer than the utterances the head was trained on."""
_MARGIN = 10
"""Kept around speech, so that soft beginnings and ends are heard."""
_SHORTEST = 25
"""Less than a quarter of a second says nothing of an emotion."""
_BREAK = 80
"""A silence that ends a piece: longer than pauses within an utterance."""


@dataclass(frozen=True, slots=True)
class HeadInput:
    """`sequence` (T, CHANNELS) float32, one step per 20 ms, and `summary` (F,) float32."""

    sequence: Signal
    summary: Signal


def head_input(frames: VoiceFrames) -> HeadInput:
    """The sequence and the functionals of a stretch of speech."""
    return HeadInput(sequence_of(frames), functionals(frames).astype(np.float32))


def sequence_of(frames: VoiceFrames) -> Signal:
    """(T, CHANNELS): log-mel bands, octaves from 200 Hz, voicing, its strength and the level."""
    f0 = frames.pitch.f0_hz
    voiced = f0 > 0
    columns = (
        frames.log_mel,
        np.where(voiced, np.log2(np.maximum(f0, 1.0) / 200.0), 0.0)[:, None],
        voiced[:, None],
        frames.pitch.strength[:, None],
        frames.level_db[:, None] / 20.0,
    )
    grid = np.concatenate(columns, axis=1).astype(np.float32)
    whole = len(grid) // STEP * STEP
    return np.asarray(grid[:whole].reshape(-1, STEP, CHANNELS).mean(axis=1))


def speech_pieces(frames: VoiceFrames) -> Iterator[VoiceFrames]:
    """From the first to the last speech, cut at long silences and then into equal parts."""
    spoken = np.flatnonzero(frames.speech)
    if len(spoken) == 0:
        return
    breaks = np.flatnonzero(np.diff(spoken) > _BREAK) + 1
    for group in np.split(spoken, breaks):
        start = max(0, int(group[0]) - _MARGIN)
        end = min(len(frames.speech), int(group[-1]) + 1 + _MARGIN)
        count = -(-(end - start) // LONGEST)
        edges = np.linspace(start, end, count + 1).astype(int)
        for a, b in pairwise(edges):
            if b - a >= _SHORTEST:
                yield frames.cut(int(a), int(b))
