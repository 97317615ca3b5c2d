"""Confusion, scores per label, reliability and risk-coverage of a closed set."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.charts import (
    Charts,
    Confusion,
    LabelRow,
    RiskPoint,
)
from affect_llm.evaluation.intervals import Values, draws_for, intervals
from affect_llm.metrics.calibration_error import expected_calibration_error, reliability_bins
from affect_llm.metrics.confusion import counted
from affect_llm.metrics.f1 import f1_per_label
from affect_llm.metrics.label_sets import LabelSetPair
from affect_llm.metrics.multi_label_f1 import multi_label_f1_per_label
from affect_llm.metrics.resamples import Groups, Indices
from affect_llm.metrics.risk_coverage import risk_coverage_curve

_POINTS = 100
"""The most points of a risk-coverage curve: a page is no wider than that many steps."""


def label_charts(
    labels: Sequence[str],
    codes: Indices,
    sure: NDArray[np.float64],
    right: NDArray[np.bool_],
    groups: Groups,
) -> Charts:
    """Charts of n answers.

    Args:
        labels: k labels.
        codes: (n,) cells of the confusion matrix, from `metrics.confusion.answer_codes`.
        sure: (n,) confidences, NaN where there is none.
        right: (n,) whether each answer is right.
        groups: of the n items, for the intervals.
    """
    counts = counted(codes, len(labels))
    given = ~np.isnan(sure)
    confidences, outcomes = sure[given].tolist(), right[given].tolist()
    bins = reliability_bins(confidences, outcomes) if given.any() else []
    return Charts(
        confusion=Confusion(labels=tuple(labels), counts=tuple(map(tuple, counts.tolist()))),
        labels=_rows(
            labels,
            lambda items: f1_per_label(counted(codes[items], len(labels))),
            *(counts.sum(axis=1), counts.sum(axis=0), counts.diagonal()),
            items=len(codes),
            groups=groups,
        ),
        reliability=tuple(bins),
        risk_coverage=_risk(sure[given], right[given], len(sure)),
        calibration_error=expected_calibration_error(confidences, outcomes),
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

    def again(drawn: Indices) -> Values:
        return {(label,): f1 for label, f1 in zip(labels, f1_of(drawn), strict=True)}

    spans = intervals(again, groups, draws_for(items))
    return tuple(
        LabelRow(
            label=label,
            support=int(gold[k]),
            precision=float(both[k] / given[k]) if given[k] else None,
            recall=float(both[k] / gold[k]) if gold[k] else None,
            f1=f1,
            interval=spans.get((label,)),
            by_chance=_by_chance(float(gold[k]), float(given[k]), items),
        )
        for k, (label, f1) in enumerate(zip(labels, f1_of(np.arange(items)), strict=True))
    )


def _by_chance(gold: float, answers: float, items: int) -> float | None:
    return 2 * gold * answers / (gold + answers) / items if gold + answers else None


def _risk(sure: NDArray[np.float64], right: NDArray[np.bool_], items: int) -> tuple[RiskPoint, ...]:
    """The risk-coverage curve, thinned; coverage counts answers without confidence as not given."""
    curve = risk_coverage_curve(sure, right)
    some = np.unique(np.linspace(0, len(curve) - 1, min(_POINTS, len(curve))).astype(int))
    share = len(sure) / items
    return tuple(
        RiskPoint(coverage=curve[k].coverage * share, risk=curve[k].risk) for k in some.tolist()
    )
