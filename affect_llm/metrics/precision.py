"""Precision per label: how often an answer is right."""

import numpy as np
from numpy.typing import NDArray


def precision_per_label(counts: NDArray[np.int64]) -> list[float | None]:
    """Precision of each label in the order of `counts`; None for a label never answered.

    Args:
        counts: (k, k + 1) from `confusion.confusion_matrix`.
    """
    answered = counts[:, :-1].sum(axis=0)
    hits = np.diag(counts[:, :-1])
    return [float(h) / float(a) if a else None for h, a in zip(hits, answered, strict=True)]
