"""Calibration error with bins of equally many answers instead of equal width.

Models are sure of most answers, so that nearly all fall into the last equal-width bins; bins of
equal mass look at all of them alike (Nguyen and O'Connor 2015, section 3; Nixon et al. 2019,
arXiv 1904.01685, section 4).
"""

import numpy as np

from affect_llm.metrics.calibration_error import (
    BINS,
    ReliabilityBin,
    mean_gap,
    outcomes,
    reliability_bin,
)
from affect_llm.metrics.rows import Flags, Numbers


def adaptive_bins(confidences: Numbers, right: Flags, bins: int = BINS) -> list[ReliabilityBin]:
    """At most `bins` bins of nearly equally many answers, none of them empty.

    An answer with s less confident ones among n goes into bin floor(bins * s / n). Equal
    confidences so stay together, and neither the order of answers nor doubling them all changes
    a bin. Each bin reaches from the highest confidence of the one before (0 for the first) to
    its own.

    Args:
        confidences: n numbers between 0 and 1, of the answers given.
        right: whether each of the n answers was right.
        bins: how many at most, at least 1.

    Raises:
        DataError: lengths differ, a confidence is NaN or outside [0, 1], or there are no bins.
    """
    values, hits = outcomes(confidences, right, bins)
    if len(values) == 0:
        return []
    below = np.searchsorted(np.sort(values), values)
    place = below * bins // len(values)
    found, low = [], 0.0
    for k in np.unique(place):
        inside = values[place == k]
        found.append(reliability_bin(low, inside.max(), inside, hits[place == k]))
        low = found[-1].high
    return found


def adaptive_calibration_error(
    confidences: Numbers, right: Flags, bins: int = BINS
) -> float | None:
    """Mean gap between confidence and accuracy over `adaptive_bins`, weighted by their answers.

    Between 0 and 1; None without answers. Arguments and errors as in `adaptive_bins`.
    """
    return mean_gap(adaptive_bins(confidences, right, bins))
