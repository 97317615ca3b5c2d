"""A window's speech cut into the stretches that the head listens to."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from affect_llm.cues.voice.frames import VoiceFrames

# All in frames of 10 ms.
LONGEST = 500
"""Five seconds: longer than the utterances the head was trained on."""
_MARGIN = 10
"""Kept around speech, so that soft beginnings and ends are heard."""
_SHORTEST = 25
"""Less than a quarter of a second says nothing of an emotion."""
_BREAK = 80
"""A silence that ends a piece: longer than pauses within an utterance."""


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
