"""F1 of label sets: micro, macro, weighted and per item, as in scikit-learn's `f1_score`.

F1 is 2 TP / (2 TP + FP + FN). It is 0/0 for a label that no item has or was given (macro), and
for an item that has no label and was given none (samples). What such a case counts is said by
`undefined`: None leaves it out of the average (scikit-learn's `zero_division=nan`), 0 is
scikit-learn's default, 1 rewards rightly saying nothing.
"""

import numpy as np
from numpy.typing import NDArray

from affect_llm.metrics.averages import mean_defined
from affect_llm.metrics.label_sets import LabelSetPair

Counts = NDArray[np.int64]


def multi_label_f1_per_label(pair: LabelSetPair) -> list[float | None]:
    """F1 of each label; None for one that no item has or was given."""
    return [_ratio(2 * int(h), int(s)) for h, s in zip(*_both_and_sum(pair, 0), strict=True)]


def micro_f1(pair: LabelSetPair) -> float | None:
    """F1 of all (item, label) decisions together; None where no item has or was given a label."""
    hits, total = _both_and_sum(pair, 0)
    return _ratio(2 * int(hits.sum()), int(total.sum()))


def multi_label_macro_f1(pair: LabelSetPair, undefined: float | None = None) -> float | None:
    """F1 averaged over the labels; None where none is defined.

    GoEmotions (Demszky et al. 2020) and BRIGHTER (Muhammad et al. 2025) report it.
    """
    return mean_defined(multi_label_f1_per_label(pair), undefined)


def multi_label_weighted_f1(pair: LabelSetPair) -> float | None:
    """F1 averaged with the number of items that have the label; None where none has any."""
    support = pair.gold.sum(axis=0)
    total = int(support.sum())
    scores = multi_label_f1_per_label(pair)
    parts = (int(n) * (f or 0.0) for n, f in zip(support, scores, strict=True))
    return sum(parts) / total if total else None


def samples_f1(pair: LabelSetPair, undefined: float | None = None) -> float | None:
    """F1 of each item's two sets, averaged over the items; None where none is defined."""
    scores = [_ratio(2 * int(h), int(s)) for h, s in zip(*_both_and_sum(pair, 1), strict=True)]
    return mean_defined(scores, undefined)


def _both_and_sum(pair: LabelSetPair, axis: int) -> tuple[Counts, Counts]:
    hits = (pair.gold & pair.predicted).sum(axis=axis)
    return hits, pair.gold.sum(axis=axis) + pair.predicted.sum(axis=axis)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
