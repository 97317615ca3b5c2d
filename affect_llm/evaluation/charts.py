"""What a report can draw beside its numbers: confusion, scores per label, risk-coverage."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.intervals import Interval, draws_for, intervals
from affect_llm.metrics.calibration_error import (
    ReliabilityBin,
    expected_calibration_error,
    reliability_bins,
)
from affect_llm.metrics.confusion import counted
from affect_llm.metrics.f1 import f1_per_label
from affect_llm.metrics.label_sets import LabelSetPair
from affect_llm.metrics.multi_label_f1 import multi_label_f1_per_label
from affect_llm.metrics.resamples import Groups, Indices
from affect_llm.metrics.risk_coverage import risk_coverage_curve
from affect_llm.types import Model

_POINTS = 100
"""The most points of a risk-coverage curve: a page is no wider than that many steps."""


class Confusion(Model):
    """Counts of gold labels (rows) by answers (columns); the last column is "no answer"."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class LabelRow(Model):
    """One label on its own; None where it does not occur.

    Args:
        interval: of F1.
        by_chance: F1 expected of the same answers dealt out at random: with shares g of the gold
            and a of the answers, precision is g and recall a, so F1 is 2 g a / (g + a).
    """

    label: str
    support: int
    precision: float | None
    recall: float | None
    f1: float | None
    interval: Interval | None = None
    by_chance: float | None = None


class RiskPoint(Model):
    """Answering only the surest `coverage` (0 to 1) of all items is wrong this often (0 to 1)."""

    coverage: float
    risk: float


class Charts(Model):
    """Each is empty or None where a task has no such thing."""

    confusion: Confusion | None = None
    labels: tuple[LabelRow, ...] = ()
    reliability: tuple[ReliabilityBin, ...] = ()
    risk_coverage: tuple[RiskPoint, ...] = ()
    calibration_error: float | None = None


def label_charts(
    labels: Sequence[str],
    codes: Indices,
    groups: Groups,
    sure: NDArray[np.float64] | None = None,
    right: NDArray[np.bool_] | None = None,
) -> Charts:
    """Charts of n answers.

    Args:
        labels: k labels.
        codes: (n,) cells of the confusion matrix, from `metrics.confusion.answer_codes`.
        groups: of the n items, for the intervals.
        sure: (n,) confidences, NaN where there is none; None where no answer has one.
        right: (n,) whether each answer is right; only with `sure`.
    """
    counts = counted(codes, len(labels))
    charts = Charts(
        confusion=Confusion(labels=tuple(labels), counts=tuple(map(tuple, counts.tolist()))),
        labels=_rows(
            labels,
            lambda items: f1_per_label(counted(codes[items], len(labels))),
            *(counts.sum(axis=1), counts.sum(axis=0)[: len(labels)], counts.diagonal()),
            items=len(codes),
            groups=groups,
        ),
    )
    if sure is None or right is None or np.isnan(sure).all():
        return charts
    given = ~np.isnan(sure)
    confidences, outcomes = sure[given].tolist(), right[given].tolist()
    curve = risk_coverage_curve(sure[given], right[given])
    some = np.unique(np.linspace(0, len(curve) - 1, min(_POINTS, len(curve))).astype(int))
    # Answers without a confidence are not given at any coverage.
    share = len(confidences) / len(sure)
    return charts.model_copy(
        update={
            "reliability": tuple(reliability_bins(confidences, outcomes)),
            "risk_coverage": tuple(
                RiskPoint(coverage=curve[k].coverage * share, risk=curve[k].risk)
                for k in some.tolist()
            ),
            "calibration_error": expected_calibration_error(confidences, outcomes),
        }
    )


def set_rows(labels: Sequence[str], pair: LabelSetPair, groups: Groups) -> tuple[LabelRow, ...]:
    """The row of each label where items have several."""
    both = (pair.gold & pair.predicted).sum(axis=0)

    def f1_of(items: Indices) -> Sequence[float | None]:
        return multi_label_f1_per_label(pair.of(items))

    sums = pair.gold.sum(axis=0), pair.predicted.sum(axis=0), both
    return _rows(labels, f1_of, *sums, items=len(pair.gold), groups=groups)


def _rows(
    labels: Sequence[str],
    f1_of: Callable[[Indices], Sequence[float | None]],
    gold: NDArray[np.integer],
    given: NDArray[np.integer],
    both: NDArray[np.integer],
    *,
    items: int,
    groups: Groups,
) -> tuple[LabelRow, ...]:
    """The row of each label from how often it is true, given, and rightly given."""
    spans = intervals(
        lambda drawn: {(label,): f1 for label, f1 in zip(labels, f1_of(drawn), strict=True)},
        groups,
        draws_for(items),
    )
    rows = []
    for label, f1, *sums in zip(labels, f1_of(np.arange(items)), gold, given, both, strict=True):
        true, answered, right = map(float, sums)
        by_chance = 2 * true * answered / (true + answered) / items if true + answered else None
        rows.append(
            LabelRow(
                label=label,
                support=int(true),
                precision=right / answered if answered else None,
                recall=right / true if true else None,
                f1=f1,
                interval=spans.get((label,)),
                by_chance=by_chance,
            )
        )
    return tuple(rows)
