"""What several raters said of each item, as tables that agreement is read from.

Tables can be resampled: those of drawn items are `table[items]`.
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


def number_table(ratings: Sequence[Sequence[float | None]]) -> Floats:
    """The numbers of n items by m raters, (n, m), NaN where there is none.

    Args:
        ratings: per item one number per rater, None where a rater gave none.

    Raises:
        DataError: a number is NaN or infinite.
    """
    finite([value for item in ratings for value in item if value is not None], "ratings")
    table = np.full((len(ratings), max(map(len, ratings), default=0)), np.nan)
    for row, item in zip(table, ratings, strict=True):
        row[: len(item)] = [np.nan if value is None else value for value in item]
    return table
