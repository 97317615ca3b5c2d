"""A part's score out of label probabilities."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.f1 import weighted_f1
from affect_llm.metrics.majority import majority_label
from affect_llm.metrics.paired_bootstrap import paired_bootstrap
from affect_llm.metrics.recall import unweighted_recall
from affect_llm.metrics.resamples import Indices
from affect_llm.training.sft.cases import Case
from affect_llm.types import Model, Score

MetricName = Literal["weighted_f1", "uar"]
METRICS: dict[MetricName, Callable[[NDArray[np.int64]], float | None]] = {
    "weighted_f1": weighted_f1,
    "uar": unweighted_recall,
}
SEED = 0
DRAWS = 1000


class Gain(Model):
    """How much one system scores above another on the same cases.

    Args:
        metric: that both were scored by.
        over: what it is compared with.
        difference: of the two scores.
        interval: 95 %, paired, clustered by group.
        p_value: two-sided, of the same draws.
    """

    metric: MetricName
    over: str
    difference: float
    interval: tuple[float, float]
    p_value: float


@dataclass(frozen=True, slots=True)
class Answers:
    """One system's answers to some cases, as cells of a confusion matrix.

    Args:
        codes: (n,) from `answer_codes`.
        labels: how many there are in all sets together.
        groups: of the cases.
    """

    codes: NDArray[np.intp]
    labels: int
    groups: tuple[str, ...]

    def value(self, metric: MetricName, items: Indices | None = None) -> float | None:
        """The metric of all cases, or of those drawn."""
        codes = self.codes if items is None else self.codes[items]
        return METRICS[metric](counted(codes, self.labels))

    def score(self, metric: MetricName) -> Score:
        """The metric with its interval, clustered by group."""
        rng = np.random.default_rng(SEED)
        interval = bootstrap_interval(lambda i: self.value(metric, i), self.groups, rng, DRAWS)
        value, n = self.value(metric), len(self.codes)
        return Score(name=metric, value=value, n=n, interval=interval)

    def gain(self, other: "Answers", metric: MetricName, over: str) -> Gain | None:
        """This system's score minus another's; None where there is no interval."""
        found = paired_bootstrap(
            lambda i: self.value(metric, i),
            lambda i: other.value(metric, i),
            self.groups,
            np.random.default_rng(SEED),
            DRAWS,
        )
        if found is None:
            return None
        return Gain(
            metric=metric,
            over=over,
            difference=found.difference,
            interval=(found.low, found.high),
            p_value=found.p_value,
        )


def answers(cases: Sequence[Case], said: Sequence[str]) -> Answers:
    """Labels that were said of cases.

    Where several labels are right, the one that was said counts as the truth if it is among
    them, and the first of them otherwise.
    """
    names = sorted({label for case in cases for label in case.labels})
    gold = [s if c.right(s) else c.gold for c, s in zip(cases, said, strict=True)]
    groups = tuple(case.row.cluster for case in cases)
    codes = answer_codes(gold, [s if s in names else None for s in said], names)
    return Answers(codes, len(names), groups)


def most_probable(scored: Sequence[dict[str, float]]) -> list[str]:
    """Each case's label, the first of equals."""
    return [max(row, key=lambda label: row[label]) for row in scored]


def majority(training: Sequence[Case], cases: Sequence[Case]) -> Answers:
    """Always the commonest training label; of a case that does not offer it, its first label."""
    label = majority_label([case.gold for case in training]) or ""
    said = [label if label in case.labels else case.labels[0] for case in cases]
    return answers(cases, said)
