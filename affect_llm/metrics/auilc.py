"""AUILC: one number for how a score holds up while more and more input goes missing.

The area under the indicator line chart (Yuan et al. 2021, TFR-Net; used with missing rates 0 to 1
by Zhong et al. 2025, CIDer, arXiv 2506.10452): with scores x_0 .. x_t at missing rates
r_0 < .. < r_t,
    area = sum_i (x_i + x_{i+1}) / 2 * (r_{i+1} - r_i).
"""

import numpy as np

from affect_llm.errors import DataError
from affect_llm.metrics.rows import Numbers, finite, same_length, shares


def auilc(missing_rates: Numbers, scores: Numbers) -> float | None:
    """The area divided by r_t - r_0: the mean score over the range of missing rates.

    It is in the unit of the scores, and equals the published area where the rates run from 0 to
    1. A constant score of .8 gives .8. Points may come in any order; None for fewer than two.

    Args:
        missing_rates: shares of the input that were removed, 0 to 1, all different.
        scores: the score at each of them, in any unit.

    Raises:
        DataError: lengths differ, a value is NaN or infinite, a rate is outside [0, 1] or given
            twice.
    """
    rates, values = shares(missing_rates, "missing rates"), finite(scores, "scores")
    same_length(rates, "missing rates", values, "scores")
    order = np.argsort(rates)
    rates, values = rates[order], values[order]
    steps = np.diff(rates)
    if (steps == 0).any():
        raise DataError("A missing rate is given twice: average its scores first.")
    if len(rates) < 2:
        return None
    area = float(np.sum((values[:-1] + values[1:]) / 2 * steps))
    return area / float(rates[-1] - rates[0])
