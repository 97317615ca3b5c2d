"""F1 per label and its averages, as in scikit-learn's `f1_score`.

F1 of a label is 2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall without
their 0/0. A label that occurs neither in the gold nor in the answers has no F1.
"""

import numpy as np
from numpy.typing import NDArray

from affect_llm.metrics.averages import mean_defined


def f1_per_label(counts: NDArray[np.int64]) -> list[float | None]:
    """F1 of each label in the order of `counts`; None for a label that never occurs.

    Args:
        counts: (k, k + 1) from `confusion.confusion_matrix`.
    """
    hits = np.diag(counts[:, :-1])
    seen = counts.sum(axis=1) + counts[:, :-1].sum(axis=0)
    return [2 * float(h) / float(s) if s else None for h, s in zip(hits, seen, strict=True)]


def weighted_f1(counts: NDArray[np.int64]) -> float | None:
    """F1 averaged with the gold counts as weights; None without items."""
    support = counts.sum(axis=1)
    total = int(support.sum())
    if total == 0:
        return None
    scores = f1_per_label(counts)
    return sum(float(n) * (f or 0.0) for n, f in zip(support, scores, strict=True)) / total


def macro_f1(counts: NDArray[np.int64], undefined: float | None = None) -> float | None:
    """Plain average of F1 over the labels that occur in gold or answers; None without any.

    Args:
        counts: (k, k + 1) from `confusion.confusion_matrix`.
        undefined: what a label that never occurs counts; None leaves it out, 0 divides by k.
    """
    return mean_defined(f1_per_label(counts), undefined)
