"""How often each item got each label or number: what agreement of several raters is read from.

Counts can be resampled: those of drawn items are `counts[items]`.
"""

from collections.abc import Sequence

import numpy as np

from affect_llm.metrics.rows import Floats, different, finite, known


def label_counts(ratings: Sequence[Sequence[str | None]], labels: Sequence[str]) -> Floats:
    """How often each of n items was given each of k labels, (n, k).

    Args:
        ratings: per item one label per rater, None where a rater gave none.
        labels: k different labels, in the order of the columns.

    Raises:
        DataError: a rating is not in `labels`, or a label is twice there.
    """
    different(labels)
    known((rating for item in ratings for rating in item), labels, "ratings", unanswered=True)
    counts = [[list(item).count(label) for label in labels] for item in ratings]
    return np.array(counts, dtype=np.float64).reshape(len(ratings), len(labels))


def number_counts(ratings: Sequence[Sequence[float | None]]) -> tuple[Floats, Floats]:
    """The k different numbers in ascending order, and how often each item got each, (n, k).

    Args:
        ratings: per item one number per rater, None where a rater gave none.

    Raises:
        DataError: a number is NaN or infinite.
    """
    given = [[value for value in item if value is not None] for item in ratings]
    values, code = np.unique(
        finite([value for item in given for value in item], "ratings"), return_inverse=True
    )
    counts = np.zeros((len(ratings), len(values)))
    np.add.at(counts, (np.repeat(np.arange(len(given)), [len(item) for item in given]), code), 1)
    return values, counts
