"""A transcript as one text whose every character knows when it was said."""

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from affect_llm.types import TimeSpan, TranscriptSegment

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class TimedText:
    """The segments' texts joined by single spaces.

    Args:
        text: all words.
        starts: (S,) first character of each segment.
        spans: S spans.
    """

    text: str
    starts: NDArray[np.int64]
    spans: tuple[TimeSpan, ...]

    @classmethod
    def of(cls, segments: tuple[TranscriptSegment, ...]) -> "TimedText":
        """Segments in time order; blank ones are left out."""
        kept = sorted((s for s in segments if s.text.strip()), key=lambda s: s.span.start_s)
        texts = [" ".join(s.text.split()) for s in kept]
        starts = np.cumsum([0, *(len(t) + 1 for t in texts)])[: len(texts)]
        return cls(" ".join(texts), starts.astype(np.int64), tuple(s.span for s in kept))

    def segments_at(self, characters: NDArray[np.int64]) -> NDArray[np.int64]:
        """(n,) index of the segment that each character lies in."""
        return np.searchsorted(self.starts, characters, side="right") - 1

    def words_at(self, characters: NDArray[np.int64]) -> NDArray[np.int64]:
        """(n,) index of the word that each character lies in."""
        starts = np.array([match.start() for match in _WORD.finditer(self.text)], dtype=np.int64)
        return np.searchsorted(starts, characters, side="right") - 1

    def times(self, segments: NDArray[np.int64]) -> NDArray[np.float64]:
        """(n, 2) start and end in seconds of the segments with these indices."""
        return np.array([(self.spans[i].start_s, self.spans[i].end_s) for i in segments])


def windows(count: int, size: int, margin: int) -> list[tuple[int, int, int, int]]:
    """`count` tokens cut into windows of at most `size`: (from, to, first owned, end of owned).

    Each window but the outer ones has `margin` tokens of context on both sides.
    """
    if count <= size:
        return [(0, count, 0, count)]
    core = size - 2 * margin
    edges = [*range(0, count - margin, core), count]
    return [
        (max(0, begin - margin), min(count, end + margin), begin, end)
        for begin, end in pairwise(edges)
    ]
