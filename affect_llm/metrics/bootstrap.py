"""Percentile bootstrap intervals, clustered by group.

Items of one speaker or dialogue resemble one another, so whole groups are drawn with
replacement (Cameron, Gelbach and Miller 2008, section II; Efron and Tibshirani 1993, ch. 13).
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError


def bootstrap_interval(
    statistic: Callable[[NDArray[np.intp]], float | None],
    groups: Sequence[str],
    rng: np.random.Generator,
    draws: int = 1000,
    level: float = 0.95,
) -> tuple[float, float] | None:
    """Where the statistic falls in the central `level` of the draws.

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
    if draws < 1 or not 0 < level < 1:
        raise DataError(f"A bootstrap needs draws >= 1 and 0 < level < 1, not {draws}, {level}.")
    members = _members(groups)
    if len(members) < 2:
        return None
    values = [
        statistic(
            np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        )
        for _ in range(draws)
    ]
    defined = [value for value in values if value is not None]
    if len(defined) < 0.9 * draws:
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _members(groups: Sequence[str]) -> list[NDArray[np.intp]]:
    indices: dict[str, list[int]] = {}
    for index, group in enumerate(groups):
        indices.setdefault(group, []).append(index)
    return [np.array(found, dtype=np.intp) for found in indices.values()]
