"""The share of answers that are right."""

import numpy as np
from numpy.typing import NDArray


def accuracy(counts: NDArray[np.int64]) -> float | None:
    """Right answers among all items; None without items.

    Args:
        counts: (k, k + 1) from `confusion.confusion_matrix`.
    """
    total = int(counts.sum())
    return float(np.trace(counts[:, :-1])) / total if total else None
