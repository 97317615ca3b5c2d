"""The confusion matrix, from which accuracy, F1 and recall are read."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError


def confusion_matrix(
    gold: Sequence[str], predicted: Sequence[str | None], labels: Sequence[str]
) -> NDArray[np.int64]:
    """How often each gold label (row) was answered with each label (column).

    The last column counts answers of None: unparsed, abstained or failed. They are never right,
    and stay in the denominators.

    Args:
        gold: n labels out of `labels`.
        predicted: n labels out of `labels`, or None.
        labels: k different labels, in the order of rows and columns.

    Returns:
        (k, k + 1) counts.

    Raises:
        DataError: lengths differ, or a label is not in `labels`.
    """
    if len(gold) != len(predicted):
        raise DataError(f"There are {len(gold)} gold labels and {len(predicted)} answers.")
    place = {label: index for index, label in enumerate(labels)}
    strange = {g for g in gold if g not in place}
    strange |= {p for p in predicted if p is not None and p not in place}
    if strange:
        raise DataError(f"{sorted(strange)} are not among the labels {', '.join(labels)}.")
    counts = np.zeros((len(labels), len(labels) + 1), dtype=np.int64)
    for truth, answer in zip(gold, predicted, strict=True):
        counts[place[truth], len(labels) if answer is None else place[answer]] += 1
    return counts
