"""Percentile bootstrap intervals of any statistic, clustered by group (`resamples` draws)."""

from collections.abc import Callable, Sequence

import numpy as np

from affect_llm.errors import DataError
from affect_llm.metrics.resamples import Indices, group_draws, grouped

Statistic = Callable[[Indices], float | None]
UNDEFINED_AT_MOST = 0.1
"""The share of draws that may be undefined before there is no interval: what is left of a statistic
that often has none would speak of the lucky draws only."""


def bootstrap_interval(
    statistic: Statistic,
    groups: Sequence[str],
    rng: np.random.Generator,
    draws: int = 1000,
    level: float = 0.95,
) -> tuple[float, float] | None:
    """Where the statistic falls in the central `level` of the draws.

    Linear in items and draws; for a statistic of the confusion matrix, give
    `lambda items: macro_f1(counted(codes[items], k))` with `codes` from
    `confusion.answer_codes`.

    Args:
        statistic: of the items with the given indices; indices repeat within a draw.
        groups: the group of each of the n items.
        rng: drawn from; the same state gives the same interval.
        draws: how many resamples.
        level: between 0 and 1, of the interval.

    Returns:
        (low, high), or None where it is not defined: fewer than two groups, or a statistic
        that is undefined in more than a tenth of the draws.

    Raises:
        DataError: `draws` or `level` is out of range.
    """
    values = bootstrap_values(statistic, groups, rng, draws, level)
    return None if values is None else central(values, level)


def bootstrap_values(
    statistic: Statistic,
    groups: Sequence[str],
    rng: np.random.Generator,
    draws: int,
    level: float = 0.95,
) -> list[float] | None:
    """The statistic in every draw where it is defined; None where there is no interval.

    Arguments, errors and undefined cases as in `bootstrap_interval`.
    """
    if draws < 1 or not 0 < level < 1:
        raise DataError(f"A bootstrap needs draws >= 1 and 0 < level < 1, not {draws}, {level}.")
    members = grouped(groups)
    if len(members.size) < 2:
        return None
    values = [statistic(items) for items in group_draws(members, rng, draws)]
    defined = [value for value in values if value is not None]
    return defined if len(defined) >= (1 - UNDEFINED_AT_MOST) * draws else None


def central(values: Sequence[float], level: float) -> tuple[float, float]:
    """The quantiles (1 - level) / 2 and (1 + level) / 2, interpolated."""
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
