"""Do two readings of the same pairs agree? And does the place of a text change its score?"""

from collections.abc import Mapping, Sequence

import numpy as np

from affect_llm.evaluation.intervals import mean_score
from affect_llm.evaluation.judges.judgement import HIGHEST, Judgement
from affect_llm.metrics.cohen_kappa import cohen_kappa
from affect_llm.types import Model, Score

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


def pass_agreement(judgements: Sequence[Judgement]) -> Agreement:
    """How far the two orders of the texts agree, of the judgements that have a score in both."""
    both = [
        (one.score, two.score)
        for one, two in (j.passes for j in judgements if len(j.passes) == 2)
        if one.score is not None and two.score is not None
    ]
    first, second = ([scores[n] for scores in both] for n in (0, 1))
    gap = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    one, two = ([str(round(score)) for score in scores] for scores in (first, second))
    whole = [str(score) for score in range(int(HIGHEST) + 1)]
    name, pairs = "reference first minus candidate first", [str(n) for n in range(len(gap))]
    return Agreement(
        n=len(gap),
        mean_difference=float(np.abs(gap).mean()) if len(gap) else None,
        within_one=float((np.abs(gap) <= NEAR).mean()) if len(gap) else None,
        kappa=cohen_kappa(one, two, whole, "quadratic"),
        bias=mean_score(name, gap, pairs),
    )


def mean_overlap(name: str, judgements: Sequence[Judgement], skipped: Mapping[str, int]) -> Score:
    """The mean of the judgements that have a score, with its interval by clip."""
    scored = [j for j in judgements if j.score is not None]
    values = np.array([j.score for j in scored], dtype=np.float64)
    return mean_score(name, values, [j.id for j in scored], skipped)
