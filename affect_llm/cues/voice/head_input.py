"""What the voice head's network sees of a stretch of speech."""

from dataclasses import dataclass

import numpy as np

from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.cues.voice.frames import VoiceFrames
from affect_llm.cues.voice.functionals import functionals
from affect_llm.cues.voice.logmel import BANDS

CHANNELS = BANDS + 4
STEP = 2
"""Frames of 10 ms that make one step of the sequence."""


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
