"""The difference of two systems on the same items, with a clustered bootstrap interval.

Both systems are scored on the same draws, so what makes items hard for both cancels
(Efron and Tibshirani 1993, ch. 13 and 15.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from affect_llm.metrics.bootstrap import Statistic, bootstrap_values, central
from affect_llm.metrics.resamples import Indices


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """How much the first system scores above the second.

    Args:
        difference: first minus second, on all items.
        low, high: bounds of the interval.
        p_value: two-sided, 0 to 1: how far from the middle of the draws 0 lies. Near enough for
            a first look; `swap_test` is the test.
        draws: resamples in which both were defined.
    """

    difference: float
    low: float
    high: float
    p_value: float
    draws: int


def paired_bootstrap(
    first: Statistic,
    second: Statistic,
    groups: Sequence[str],
    rng: np.random.Generator,
    draws: int = 1000,
    level: float = 0.95,
) -> PairedDifference | None:
    """The difference of two statistics of the same n items.

    Args:
        first: of the items with the given indices.
        second: of the same items.
        groups: the group of each item.
        rng: drawn from; the same state gives the same interval.
        draws: how many resamples.
        level: between 0 and 1, of the interval.

    Returns:
        None where it is not defined: fewer than two groups, a statistic undefined on all items
        or in more than a tenth of the draws.

    Raises:
        DataError: `draws` or `level` is out of range.
    """

    def difference(items: Indices) -> float | None:
        a, b = first(items), second(items)
        return None if a is None or b is None else a - b

    observed = difference(np.arange(len(groups)))
    values = bootstrap_values(difference, groups, rng, draws, level)
    if observed is None or values is None:
        return None
    low, high = central(values, level)
    # Two-sided; the observed difference counts as a draw, so that p is never 0.
    below, above = sum(v <= 0 for v in values), sum(v >= 0 for v in values)
    p_value = min(1.0, 2 * (min(below, above) + 1) / (len(values) + 1))
    return PairedDifference(observed, low, high, p_value, len(values))
