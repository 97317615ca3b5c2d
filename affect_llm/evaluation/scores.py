"""Predictions → scores with intervals, everything that was left out counted."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.prediction import Prediction
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.f1 import macro_f1, weighted_f1
from affect_llm.metrics.recall import unweighted_recall
from affect_llm.types import Score

METRICS: dict[str, Callable[[NDArray[np.int64]], float | None]] = {
    "accuracy": accuracy,
    "macro_f1": macro_f1,
    "unweighted_recall": unweighted_recall,
    "weighted_f1": weighted_f1,
}
SEED = 20_26
"""Of every interval, so that the same predictions give the same report."""


def label_score(
    metric: str,
    gold: Sequence[str],
    answers: Sequence[str | None],
    groups: Sequence[str],
    labels: Sequence[str],
) -> Score:
    """`metric` of n answers with its interval clustered by group; None answers are wrong."""
    codes = answer_codes(gold, answers, labels)

    def statistic(index: NDArray[np.intp]) -> float | None:
        return METRICS[metric](counted(codes[index], len(labels)))

    return Score(
        name=metric,
        value=statistic(np.arange(len(gold))),
        n=len(gold),
        interval=bootstrap_interval(statistic, groups, np.random.default_rng(SEED)),
    )


def verdict_score(
    metric: str, predictions: Sequence[Prediction], labels: Sequence[str], *, shown: bool
) -> Score:
    """`metric` of what was shown, or of the leaning behind it where `shown` is false."""
    score = label_score(
        metric,
        [p.gold for p in predictions],
        [p.shown if shown else p.leaning for p in predictions],
        [p.group for p in predictions],
        labels,
    )
    return score.model_copy(update={"skipped": not_answered(predictions)})


def not_answered(predictions: Sequence[Prediction]) -> dict[str, int]:
    """How many predictions show no verdict, by state."""
    return dict(Counter(p.state for p in predictions if p.state != "answered"))
