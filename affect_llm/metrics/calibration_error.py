"""Do answers come true as often as their confidence says?

Expected calibration error and reliability bins (Guo et al. 2017, arXiv 1706.04599, section 2,
equations 2 to 5): confidences are sorted into equal-width bins (low, high], and each bin's mean
confidence is held against its accuracy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from affect_llm.errors import DataError
from affect_llm.metrics.rows import Flags, Floats, Numbers, flags, same_length, shares

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
    values, hits = outcomes(confidences, right, bins)
    edges = np.arange(bins + 1) / bins
    place = np.maximum(np.searchsorted(edges, values) - 1, 0)
    return [
        reliability_bin(edges[k], edges[k + 1], values[place == k], hits[place == k])
        for k in range(bins)
    ]


def expected_calibration_error(
    confidences: Numbers, right: Flags, bins: int = BINS
) -> float | None:
    """Mean gap between confidence and accuracy over the bins, weighted by their answers.

    Between 0 (comes true as often as it says) and 1; None without answers. Arguments and errors
    as in `reliability_bins`.
    """
    return mean_gap(reliability_bins(confidences, right, bins))


def mean_gap(found: Sequence[ReliabilityBin]) -> float | None:
    """Mean of |accuracy - confidence| over bins, weighted by their answers; None without any."""
    gaps = [
        b.n * abs(b.accuracy - b.confidence)
        for b in found
        if b.accuracy is not None and b.confidence is not None
    ]
    return sum(gaps) / sum(b.n for b in found) if gaps else None


def outcomes(confidences: Numbers, right: Flags, bins: int) -> tuple[Floats, Floats]:
    """Confidences and outcomes (0 or 1) of the same answers, both (n,).

    Raises:
        DataError: lengths differ, a confidence is NaN or outside [0, 1], or `bins` is below 1.
    """
    if bins < 1:
        raise DataError(f"Calibration needs 1 bin or more, not {bins}.")
    same_length(confidences, "confidences", right, "outcomes")
    return shares(confidences, "confidences"), flags(right, "outcomes").astype(np.float64)


def reliability_bin(low: float, high: float, values: Floats, hits: Floats) -> ReliabilityBin:
    """The bin (low, high] with the confidences `values` and outcomes `hits`."""
    empty = len(values) == 0
    return ReliabilityBin(
        low=float(low),
        high=float(high),
        n=len(values),
        confidence=None if empty else float(values.mean()),
        accuracy=None if empty else float(hits.mean()),
    )
