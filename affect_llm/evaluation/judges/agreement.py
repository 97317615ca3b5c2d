"""Do two readings of the same pairs agree? And does the place of a text change its score?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.intervals import SEED
from affect_llm.evaluation.judges.judgement import HIGHEST
from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.metrics.cohen_kappa import cohen_kappa
from affect_llm.types import Model, Score

_WHOLE = [str(score) for score in range(int(HIGHEST) + 1)]
NEAR = 1.0
"""Scores this far apart are still called agreeing."""


class Agreement(Model):
    """Two lists of scores of the same n pairs.

    Args:
        n: pairs that both readings could be read for.
        mean_difference: mean of |first - second|, 0 to 10; None without pairs.
        within_one: share of pairs at most 1 apart.
        kappa: Cohen's, with quadratic weights, of scores rounded to whole numbers; None where
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
    gap = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    one, two = ([str(round(score)) for score in scores] for scores in (first, second))
    return Agreement(
        n=len(gap),
        mean_difference=float(np.abs(gap).mean()) if len(gap) else None,
        within_one=float((np.abs(gap) <= NEAR).mean()) if len(gap) else None,
        kappa=cohen_kappa(one, two, _WHOLE, "quadratic"),
        bias=mean_score(name, gap, [str(n) for n in range(len(gap))]),
    )


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
