"""A clip's sound, window by window, in blocks that keep memory flat."""

from collections.abc import Iterator, Sequence

import numpy as np

from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.types import AUDIO_RATE_HZ, AudioWindow, TimeSpan

LONGEST_S = 30.0
"""A longer window is measured in blocks of this length."""
_READ_S = 5.0


def blocks_of(
    sound: Iterator[AudioWindow], windows: Sequence[TimeSpan]
) -> Iterator[tuple[int, Signal]]:
    """(index of the window, samples) of every block, in order of their ends.

    Args:
        sound: consecutive stretches of the clip, as `MediaSource.audio` gives them.
        windows: any spans, also overlapping ones; a block is at most `LONGEST_S` long.
    """
    waiting: dict[int, list[Signal]] = {i: [] for i in range(len(windows))}
    for heard in sound:
        for index in list(waiting):
            part = _inside(heard, windows[index])
            if len(part):
                waiting[index].append(part)
            ended = heard.start_s + len(heard.samples) / AUDIO_RATE_HZ >= windows[index].end_s
            if waiting[index] and (ended or _seconds(waiting[index]) >= LONGEST_S):
                yield index, np.concatenate(waiting[index])
                waiting[index] = []
            if ended:
                del waiting[index]
    for index, parts in waiting.items():
        if parts:
            yield index, np.concatenate(parts)


def read_length_s(windows: Sequence[TimeSpan]) -> float:
    """How much to read at a time: the shortest window's length, at most five seconds."""
    return min([_READ_S, *(max(w.duration_s, 0.1) for w in windows)])


def _inside(heard: AudioWindow, window: TimeSpan) -> Signal:
    first = round((window.start_s - heard.start_s) * AUDIO_RATE_HZ)
    last = round((window.end_s - heard.start_s) * AUDIO_RATE_HZ)
    return heard.samples[max(0, first) : max(0, last)]


def _seconds(parts: Sequence[Signal]) -> float:
    return sum(len(part) for part in parts) / AUDIO_RATE_HZ
