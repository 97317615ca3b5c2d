"""Intervals by drawing whole groups again: one set of draws for all numbers of a report."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from affect_llm.metrics.bootstrap import UNDEFINED_AT_MOST, bootstrap_interval, central
from affect_llm.metrics.resamples import Groups, Indices, group_draws
from affect_llm.types import Score

Interval = tuple[float, float]
Name = tuple[str, ...]
"""Where a number stands in a report: ("metrics", "M1", "f1"), ("averages", "unibench")."""
Values = dict[Name, float | None]
Again = Callable[[Indices], Values]
"""The values over drawn items, from the indices of the items; an index may stand there twice."""
SEED = 20_26
"""Every interval and shuffle starts from it, so that the same predictions give the same report."""
LEVEL = 0.95
DRAWS = 1000
"""The third decimal of a bound no longer moves with more (Efron and Tibshirani 1993, ch. 13)."""
FEWEST = 200
"""The draws from very large files, whose intervals are narrow anyway."""
_WORK = 20_000_000
"""Items drawn in all: what takes about a minute."""


def draws_for(items: int) -> int:
    """How often to draw from so many items."""
    return min(DRAWS, max(FEWEST, _WORK // max(1, items)))


def intervals(again: Again, groups: Groups, draws: int) -> Mapping[Name, Interval | None]:
    """Central 95 % of every metric over draws of whole groups.

    None where the metric is undefined in more than a tenth of the draws; nothing at all with
    fewer than two groups.
    """
    if len(groups.size) < 2:
        return {}
    drawn = [again(items) for items in group_draws(groups, np.random.default_rng(SEED), draws)]
    middles: dict[Name, Interval | None] = {}
    for name in drawn[0]:
        defined = [value for values in drawn if (value := values[name]) is not None]
        enough = len(drawn) - len(defined) <= UNDEFINED_AT_MOST * len(drawn)
        middles[name] = central(defined, LEVEL) if enough else None
    return middles


def score_of(
    name: str,
    statistic: Callable[[Indices], float | None],
    groups: Sequence[str],
    skipped: Mapping[str, int],
) -> Score:
    """A single number of n items with its interval, clustered by their groups."""
    return Score(
        name=name,
        value=statistic(np.arange(len(groups))),
        n=len(groups),
        interval=bootstrap_interval(statistic, groups, np.random.default_rng(SEED), DRAWS, LEVEL),
        skipped={reason: count for reason, count in skipped.items() if count},
    )


def ratio_score(
    name: str,
    parts: NDArray[Any],
    wholes: NDArray[Any],
    groups: Sequence[str],
    skipped: Mapping[str, int],
) -> Score:
    """The sum of the items' parts over that of their wholes; `n` counts the wholes."""

    def share(items: Indices) -> float | None:
        return float(parts[items].sum() / wholes[items].sum()) if len(items) else None

    score = score_of(name, share, groups, skipped)
    return score.model_copy(update={"n": int(wholes.sum())})


def mean_score(
    name: str,
    values: NDArray[np.float64],
    groups: Sequence[str],
    skipped: Mapping[str, int] | None = None,
) -> Score:
    """The mean of n values with its interval by group; None without values."""
    return ratio_score(name, values, np.ones(len(values)), groups, skipped or {})
