"""Do answers come true as often as their confidence says?

Expected calibration error and reliability bins (Guo et al. 2017, arXiv 1706.04599, section 2,
equations 2 to 5): confidences are sorted into equal-width bins (low, high], and each bin's mean
confidence is held against its accuracy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError

Floats = NDArray[np.float64]
BINS = 15
"""As in Guo et al. 2017, section 5."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One bar of a reliability diagram.

    Args:
        low, high: bounds of the confidences, low excluded and high included.
        n: answers in it.
        confidence, accuracy: their means, 0 to 1; None for an empty bin.
    """

    low: float
    high: float
    n: int
    confidence: float | None
    accuracy: float | None


def reliability_bins(
    confidences: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> list[ReliabilityBin]:
    """Equal-width bins over [0, 1]; a confidence of 0 goes into the first.

    Args:
        confidences: n numbers between 0 and 1, of the answers given.
        right: whether each of the n answers was right.
        bins: how many, at least 1.

    Raises:
        DataError: lengths differ, a confidence is outside [0, 1], or there are no bins.
    """
    if len(confidences) != len(right):
        raise DataError(f"There are {len(confidences)} confidences and {len(right)} outcomes.")
    values, hits = np.asarray(confidences, float), np.asarray(right, float)
    if bins < 1 or not bool(((values >= 0) & (values <= 1)).all()):
        raise DataError(f"Confidences lie between 0 and 1, in 1 or more bins (given: {bins}).")
    edges = np.arange(bins + 1) / bins
    place = np.clip(np.searchsorted(edges, values, side="left") - 1, 0, bins - 1)
    return [_bin(edges, k, values[place == k], hits[place == k]) for k in range(bins)]


def expected_calibration_error(
    confidences: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> float | None:
    """Mean gap between confidence and accuracy over the bins, weighted by their answers.

    Between 0 (comes true as often as it says) and 1; None without answers. Arguments and errors
    as in `reliability_bins`.
    """
    filled = reliability_bins(confidences, right, bins)
    gaps = [
        b.n * abs(b.accuracy - b.confidence)
        for b in filled
        if b.accuracy is not None and b.confidence is not None
    ]
    return sum(gaps) / len(confidences) if gaps else None


def _bin(edges: Floats, k: int, values: Floats, hits: Floats) -> ReliabilityBin:
    empty = len(values) == 0
    return ReliabilityBin(
        low=float(edges[k]),
        high=float(edges[k + 1]),
        n=len(values),
        confidence=None if empty else float(values.mean()),
        accuracy=None if empty else float(hits.mean()),
    )
