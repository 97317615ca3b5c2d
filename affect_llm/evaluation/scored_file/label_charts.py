"""Confusion, scores per label, reliability and risk-coverage of a closed set."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.scored_file.charts import (
    Bin,
    Charts,
    Confusion,
    LabelRow,
    RiskPoint,
)
from affect_llm.evaluation.scored_file.intervals import draws_for, intervals
from affect_llm.evaluation.scored_file.task import Index, Values
from affect_llm.metrics.calibration_error import expected_calibration_error, reliability_bins
from affect_llm.metrics.confusion import counted
from affect_llm.metrics.f1 import f1_per_label
from affect_llm.metrics.label_sets import LabelSetPair
from affect_llm.metrics.multi_label_f1 import multi_label_f1_per_label
from affect_llm.metrics.precision import precision_per_label
from affect_llm.metrics.recall import recall_per_label
from affect_llm.metrics.resamples import Groups
from affect_llm.metrics.risk_coverage import risk_coverage_curve

_POINTS = 100
"""Of the risk-coverage curve at most."""


def label_charts(
    labels: Sequence[str],
    codes: Index,
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
    bins = reliability_bins(sure[given].tolist(), right[given].tolist()) if given.any() else []
    return Charts(
        confusion=Confusion(labels=tuple(labels), counts=tuple(map(tuple, counts.tolist()))),
        labels=_rows(labels, codes, counts, groups),
        reliability=tuple(
            Bin(low=b.low, high=b.high, n=b.n, confidence=b.confidence, accuracy=b.accuracy)
            for b in bins
        ),
        risk_coverage=_risk(sure[given], right[given], len(sure)),
        calibration_error=expected_calibration_error(sure[given].tolist(), right[given].tolist()),
    )


def _rows(
    labels: Sequence[str], codes: Index, counts: NDArray[np.int64], groups: Groups
) -> tuple[LabelRow, ...]:
    def again(items: Index) -> Values:
        return {
            (str(k),): f for k, f in enumerate(f1_per_label(counted(codes[items], len(labels))))
        }

    spans = intervals(again, groups, draws_for(len(codes)))
    precision, recall = precision_per_label(counts), recall_per_label(counts)
    return tuple(
        LabelRow(
            label=label,
            support=int(counts[k].sum()),
            precision=precision[k],
            recall=recall[k],
            f1=f1,
            interval=spans.get((str(k),)),
            by_chance=_by_chance(
                float(counts[k].sum()), float(counts[:, k].sum()), int(counts.sum())
            ),
        )
        for k, (label, f1) in enumerate(zip(labels, f1_per_label(counts), strict=True))
    )


def set_rows(labels: Sequence[str], pair: LabelSetPair, groups: Groups) -> tuple[LabelRow, ...]:
    """The row of each label where items have several."""

    def again(items: Index) -> Values:
        per_label = multi_label_f1_per_label(pair.of(items))
        return {(str(k),): f1 for k, f1 in enumerate(per_label)}

    n = len(pair.gold)
    spans, f1 = intervals(again, groups, draws_for(n)), multi_label_f1_per_label(pair)
    have, given = pair.gold.sum(axis=0), pair.predicted.sum(axis=0)
    both = (pair.gold & pair.predicted).sum(axis=0)
    return tuple(
        LabelRow(
            label=label,
            support=int(have[k]),
            precision=float(both[k] / given[k]) if given[k] else None,
            recall=float(both[k] / have[k]) if have[k] else None,
            f1=f1[k],
            interval=spans.get((str(k),)),
            by_chance=_by_chance(float(have[k]), float(given[k]), n),
        )
        for k, label in enumerate(labels)
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
