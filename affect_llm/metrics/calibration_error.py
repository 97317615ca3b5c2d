"""Do answers come true as often as their confidence says?

Expected calibration error and reliability bins (Guo et al. 2017, arXiv 1706.04599, section 2,
equations 2 to 5): confidences are sorted into equal-width bins (low, high], and each bin's mean
confidence is held against its accuracy.
"""

from dataclasses import dataclass

import numpy as np

from affect_llm.errors import DataError
from affect_llm.metrics.rows import Flags, Numbers, flags, same_length, shares

BINS = 15
"""The number of bins in Guo et al. 2017, section 5."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One bar of a reliability diagram.

    Args:
        low, high: bounds of the confidences, low excluded (but for 0) and high included.
        n: answers in it.
        confidence, accuracy: their means, 0 to 1; None for an empty bin.
    """

    low: float
    high: float
    n: int
    confidence: float | None
    accuracy: float | None


def reliability_bins(confidences: Numbers, right: Flags, bins: int = BINS) -> list[ReliabilityBin]:
    """Equal-width bins over [0, 1]; a confidence of 0 goes into the first.

    Args:
        confidences: n numbers between 0 and 1, of the answers given.
        right: whether each of the n answers was right.
        bins: how many, at least 1.

    Raises:
        DataError: lengths differ, a confidence is NaN or outside [0, 1], or there are no bins.
    """
    if bins < 1:
        raise DataError(f"Calibration needs 1 bin or more, not {bins}.")
    same_length(confidences, "confidences", right, "outcomes")
    values = shares(confidences, "confidences")
    hits = flags(right, "outcomes").astype(np.float64)
    edges = np.arange(bins + 1) / bins
    place = np.maximum(np.searchsorted(edges, values) - 1, 0)
    means = [
        (float(values[inside].mean()), float(hits[inside].mean())) if inside.any() else (None, None)
        for inside in (place == k for k in range(bins))
    ]
    sizes = np.bincount(place, minlength=bins).tolist()
    return [
        ReliabilityBin(float(low), float(high), n, *mean)
        for low, high, n, mean in zip(edges, edges[1:], sizes, means, strict=False)
    ]


def expected_calibration_error(
    confidences: Numbers, right: Flags, bins: int = BINS
) -> float | None:
    """Mean gap between confidence and accuracy over the bins, weighted by their answers.

    Between 0 (comes true as often as it says) and 1; None without answers. Arguments and errors
    as in `reliability_bins`.
    """
    gaps = [
        b.n * abs(b.accuracy - b.confidence)
        for b in reliability_bins(confidences, right, bins)
        if b.accuracy is not None and b.confidence is not None
    ]
    return sum(gaps) / len(confidences) if gaps else None
