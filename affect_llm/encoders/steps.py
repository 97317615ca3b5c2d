"""Rows that a model gave, put together into the steps of a track."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.encoders.encoder import FeatureChunk


@dataclass(slots=True)
class _Step:
    total: NDArray[np.float64]
    count: int
    start_s: float
    end_s: float


class Gathering:
    """Means and spans of steps, from chunks in any order.

    Args:
        width: numbers in a row.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._steps: dict[int, _Step] = {}

    def add(self, chunk: FeatureChunk, rows: NDArray[np.float32]) -> None:
        """Count a chunk's rows (K, width) towards their owners."""
        if rows.shape != (len(chunk.owner), self._width):
            raise ValueError(f"a chunk of {len(chunk.owner)} rows was answered by {rows.shape}")
        for owner, row, (start_s, end_s) in zip(chunk.owner, rows, chunk.spans, strict=True):
            if owner < 0:
                continue
            step = self._steps.get(int(owner))
            if step is None:
                first = row.astype(np.float64)
                self._steps[int(owner)] = _Step(first, 1, float(start_s), float(end_s))
                continue
            step.total += row
            step.count += 1
            step.start_s = min(step.start_s, float(start_s))
            step.end_s = max(step.end_s, float(end_s))

    def rows(self) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """(T, width) means and (T, 2) spans, in order of the owners."""
        steps = [self._steps[owner] for owner in sorted(self._steps)]
        array = np.array([s.total / s.count for s in steps], dtype=np.float32)
        times = np.array([(s.start_s, s.end_s) for s in steps])
        return array.reshape(len(steps), self._width), times.reshape(len(steps), 2)
