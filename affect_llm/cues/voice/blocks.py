"""A clip's sound, window by window, in blocks that keep memory flat."""

from collections.abc import Iterator, Sequence

import numpy as np

from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.types import AUDIO_RATE_HZ, AudioWindow, TimeSpan

LONGEST_S = 30.0
"""A longer window is measured in blocks of this length."""
_READ_S = 5.0
"""Sound is read in stretches of this length, so that memory stays flat in a long window."""


def blocks_of(
    sound: Iterator[AudioWindow], windows: Sequence[TimeSpan]
) -> Iterator[tuple[int, Signal]]:
    """(index of the window, samples) of every block, in order of their ends.

    Args:
        sound: consecutive stretches of the clip, as `MediaSource.audio` gives them.
        windows: any spans, also overlapping ones; a block is at most `LONGEST_S` long.
    """
    waiting: dict[int, list[Signal]] = {i: [] for i in range(len(windows))}
    for stretch in sound:
        for index in list(waiting):
            first, last = (
                max(0, round((edge - stretch.start_s) * AUDIO_RATE_HZ))
                for edge in (windows[index].start_s, windows[index].end_s)
            )
            part = stretch.samples[first:last]
            if len(part):
                waiting[index].append(part)
            ended = stretch.start_s + len(stretch.samples) / AUDIO_RATE_HZ >= windows[index].end_s
            seconds = sum(map(len, waiting[index])) / AUDIO_RATE_HZ
            if waiting[index] and (ended or seconds >= LONGEST_S):
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
