"""Where someone speaks: a voice-activity detector and an energy gate."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import HOP, Signal, level_db, runs_of
from affect_llm.errors import MissingExtra
from affect_llm.types import AUDIO_RATE_HZ

Mask = NDArray[np.bool_]
SpeechDetector = Callable[[Signal], Mask]
"""A function from samples (n,) to (n // HOP,) booleans."""

_WEBRTC_FRAME = 3 * HOP  # 30 ms, the longest it takes
# Speech lies above this level, in dB re full scale, and not further below the loudest speech.
_QUIETEST_DB = -65.0
_BELOW_PEAK_DB = 35.0
# Frames of 10 ms: shorter gaps belong to a stop consonant, shorter runs to a click.
_MIN_GAP = 15
_MIN_RUN = 8


def webrtc_speech(samples: Signal) -> Mask:
    """Speech per 10 ms by WebRTC's Gaussian-mixture detector, gated by energy.

    Raises:
        MissingExtra: the package webrtcvad-wheels is not installed.
    """
    try:
        import webrtcvad
    except ImportError as error:
        raise MissingExtra("finding speech", "voice") from error
    detector = webrtcvad.Vad(2)  # the third of four levels of caution
    peak = max(float(np.abs(samples).max(initial=0.0)), 1e-3)
    pcm = (samples * (0.5 / peak) * 32767).clip(-32768, 32767).astype("<i2").tobytes()
    width = 2 * _WEBRTC_FRAME
    flags = [
        detector.is_speech(pcm[i : i + width], AUDIO_RATE_HZ)
        for i in range(0, len(pcm) - width + 1, width)
    ]
    return _gated(samples, np.repeat(np.array(flags, dtype=np.bool_), 3))


def silero_speech(weights: Path) -> SpeechDetector:
    """A detector that runs the Silero ONNX network at `weights` (Silero team, MIT).

    Raises:
        MissingExtra: the package onnxruntime is not installed.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtra("the Silero speech detector", "silero") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(weights), options)

    def detect(samples: Signal) -> Mask:
        chunk, context = 512, 64  # what the network was trained on at 16 kHz
        padded = np.pad(samples, (context, -len(samples) % chunk)).astype(np.float32)
        state = np.zeros((2, 1, 128), dtype=np.float32)
        rate = np.array(AUDIO_RATE_HZ, dtype=np.int64)
        probabilities = []
        for start in range(0, len(padded) - context, chunk):
            part = padded[None, start : start + chunk + context]
            output, state = session.run(None, {"input": part, "state": state, "sr": rate})
            probabilities.append(float(output[0, 0]))
        centres = np.arange(len(samples) // HOP) * HOP // chunk
        return _gated(samples, np.array(probabilities)[centres] > 0.5)

    return detect


def _gated(samples: Signal, flags: Mask) -> Mask:
    """Join short gaps, drop short runs and whatever is far below the loudest speech."""
    level = level_db(samples)
    count = len(level)
    mask = np.zeros(count, dtype=np.bool_)
    mask[: len(flags)] = flags[:count]
    if not mask.any():
        return mask
    gate = max(_QUIETEST_DB, float(np.percentile(level[mask], 95)) - _BELOW_PEAK_DB)
    mask &= level > gate
    for start, end in runs_of(~mask):
        if end - start < _MIN_GAP and start > 0 and end < count:
            mask[start:end] = True
    for start, end in runs_of(mask):
        if end - start < _MIN_RUN:
            mask[start:end] = False
    return mask
