"""The confusion matrix, from which accuracy, precision, recall and F1 are read."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.metrics.rows import different, known, same_length


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
        DataError: lengths differ, or a label is not in `labels` or twice there.
    """
    codes = answer_codes(gold, predicted, labels)
    return counted(codes, len(labels))


def answer_codes(
    gold: Sequence[str], predicted: Sequence[str | None], labels: Sequence[str]
) -> NDArray[np.intp]:
    """The cell of the confusion matrix that each item falls in, (n,), counted row by row.

    Resampled items can then be counted without looking at their labels again.

    Raises:
        DataError: lengths differ, or a label is not in `labels` or twice there.
    """
    different(labels)
    same_length(gold, "gold labels", predicted, "answers")
    known(gold, labels, "gold labels")
    known(predicted, labels, "answers", unanswered=True)
    row = {label: index * (len(labels) + 1) for index, label in enumerate(labels)}
    column: dict[str | None, int] = {label: index for index, label in enumerate(labels)}
    column[None] = len(labels)
    cells = [row[truth] + column[answer] for truth, answer in zip(gold, predicted, strict=True)]
    return np.array(cells, dtype=np.intp)


def counted(codes: NDArray[np.intp], labels: int) -> NDArray[np.int64]:
    """The (labels, labels + 1) confusion matrix of `answer_codes`."""
    shape = labels, labels + 1
    return np.bincount(codes, minlength=labels * (labels + 1)).reshape(shape).astype(np.int64)
