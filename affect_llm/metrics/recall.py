"""Recall averaged over labels: UAR, the usual number for acted speech.

WAR, the average weighted by gold counts, is `accuracy`: the weights cancel the denominators.
"""

import numpy as np
from numpy.typing import NDArray


def unweighted_recall(counts: NDArray[np.int64]) -> float | None:
    """UAR: recall averaged over the labels that occur in the gold; None without items.

    A label without gold items has no recall and is left out of the average, as in
    Schuller et al. 2009 (Interspeech Emotion Challenge) and scikit-learn's
    `balanced_accuracy_score`.

    Args:
        counts: (k, k + 1) from `confusion.confusion_matrix`.
    """
    support = counts.sum(axis=1)
    occurring = support > 0
    if not occurring.any():
        return None
    return float(np.mean(np.diag(counts[:, :-1])[occurring] / support[occurring]))
