"""Do two readings of the same pairs agree? And does the place of a text change its score?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.scoring import SEED
from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.types import Model, Score

NEAR = 1.0
"""Scores this far apart are still called agreeing."""


class Agreement(Model):
    """Two lists of scores of the same n pairs.

    Args:
        n: pairs that both readings could be read for.
        mean_difference: mean of |first - second|, 0 to 10; None without pairs.
        within_one: share of pairs at most 1 apart.
        kappa: Cohen's, with squared weights, of scores rounded to whole numbers; None where
            all are alike, because agreement then has no chance level.
        bias: mean of first - second with its interval by pair; away from 0 the order matters.
    """

    n: int
    mean_difference: float | None
    within_one: float | None
    kappa: float | None
    bias: Score


def agreement(first: Sequence[float], second: Sequence[float], name: str) -> Agreement:
    """How far two readings agree.

    Args:
        first: scores of n pairs, 0 to 10.
        second: scores of the same pairs in the same order.
        name: of the bias score ("reference first minus candidate first").
    """
    apart = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    return Agreement(
        n=len(apart),
        mean_difference=float(np.abs(apart).mean()) if len(apart) else None,
        within_one=float((np.abs(apart) <= NEAR).mean()) if len(apart) else None,
        kappa=weighted_kappa(np.rint(first), np.rint(second)) if len(apart) else None,
        bias=mean_score(name, apart, [str(n) for n in range(len(apart))]),
    )


def weighted_kappa(first: NDArray[np.float64], second: NDArray[np.float64]) -> float | None:
    """Cohen's kappa with squared weights, 1 - observed/expected squared difference (Cohen 1968).

    Args:
        first: n numbers.
        second: n numbers.

    Returns:
        At most 1; None where every number is the same.
    """
    expected = float(((first[:, None] - second[None, :]) ** 2).mean())
    return None if expected == 0 else 1 - float(((first - second) ** 2).mean()) / expected


def mean_score(
    name: str,
    values: NDArray[np.float64],
    groups: Sequence[str],
    skipped: dict[str, int] | None = None,
) -> Score:
    """The mean of n values with its interval by group; None without values."""

    def statistic(index: NDArray[np.intp]) -> float | None:
        return float(values[index].mean()) if len(index) else None

    return Score(
        name=name,
        value=statistic(np.arange(len(values))),
        n=len(values),
        interval=bootstrap_interval(statistic, groups, np.random.default_rng(SEED)),
        skipped=skipped or {},
    )
