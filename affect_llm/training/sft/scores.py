"""Scores of a system's answers, and how much one system gains over another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.f1 import weighted_f1
from affect_llm.metrics.paired_bootstrap import paired_bootstrap
from affect_llm.metrics.recall import unweighted_recall
from affect_llm.metrics.resamples import Indices
from affect_llm.training.sft.samples import TrainingSample
from affect_llm.types import Model, Score

MetricName = Literal["weighted_f1", "uar"]
METRICS: dict[MetricName, Callable[[NDArray[np.int64]], float | None]] = {
    "weighted_f1": weighted_f1,
    "uar": unweighted_recall,
}
SEED = 0
DRAWS = 1000
"""Draws of an interval: of 1000 the 2.5 % at either end are 25, enough for two digits."""


class Gain(Model):
    """How much one system scores above another on the same samples.

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
class SystemAnswers:
    """One system's answers to some samples, as cells of a confusion matrix.

    Args:
        codes: (n,) from `answer_codes`.
        labels: how many there are in all sets together.
        groups: of the samples.
    """

    codes: NDArray[np.intp]
    labels: int
    groups: tuple[str, ...]

    def value(self, metric: MetricName, items: Indices | None = None) -> float | None:
        """The metric over all samples, or over those drawn."""
        codes = self.codes if items is None else self.codes[items]
        return METRICS[metric](counted(codes, self.labels))

    def score(self, metric: MetricName) -> Score:
        """The metric with its interval, clustered by group."""
        rng = np.random.default_rng(SEED)
        interval = bootstrap_interval(lambda i: self.value(metric, i), self.groups, rng, DRAWS)
        value, n = self.value(metric), len(self.codes)
        return Score(name=metric, value=value, n=n, interval=interval)

    def gain(self, other: "SystemAnswers", metric: MetricName, over: str) -> Gain | None:
        """This system's score minus another's; None where there is no interval."""
        difference = paired_bootstrap(
            lambda i: self.value(metric, i),
            lambda i: other.value(metric, i),
            self.groups,
            np.random.default_rng(SEED),
            DRAWS,
        )
        if difference is None:
            return None
        return Gain(
            metric=metric,
            over=over,
            difference=difference.difference,
            interval=(difference.low, difference.high),
            p_value=difference.p_value,
        )


def answers(samples: Sequence[TrainingSample], labels: Sequence[str]) -> SystemAnswers:
    """The labels that a system gave to samples, beside the right ones.

    Where several labels are right, the one that was given counts as the truth if it is among
    them, and the first of them otherwise.
    """
    names = sorted({label for sample in samples for label in sample.labels})
    pairs = list(zip(samples, labels, strict=True))
    gold = [label if label in sample.row.golds else sample.gold for sample, label in pairs]
    groups = tuple(sample.row.cluster for sample in samples)
    codes = answer_codes(gold, [label if label in names else None for label in labels], names)
    return SystemAnswers(codes, len(names), groups)


def most_probable(scored: Sequence[dict[str, float]]) -> list[str]:
    """Each sample's label, the first of equals."""
    return [max(row, key=lambda label: row[label]) for row in scored]
