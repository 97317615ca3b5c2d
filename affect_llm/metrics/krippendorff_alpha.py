"""Krippendorff's alpha: agreement of any number of raters, with missing ratings.

Krippendorff 2011, Computing Krippendorff's alpha-reliability: alpha = 1 - D_o / D_e, where
    D_o = sum over values c, k of o_ck * d_ck / n,
    D_e = sum of n_c * n_k * d_ck / (n * (n - 1)),
o_ck counts the pairs of ratings c, k of one item, each item's divided by its ratings less one,
n_c is the row sum of o, n the sum of all, and d_ck the squared difference of two values:
    nominal   1 for different ones
    interval  (c - k)^2
    ordinal   (n_c + .. + n_k - (n_c + n_k) / 2)^2, summed over the values from c to k.
Items with fewer than two ratings say nothing about agreement and are left out.
"""

from collections.abc import Sequence

import numpy as np

from affect_llm.metrics.rows import Floats, different, finite, known

Ratings = Sequence[Sequence[str | None]]


def nominal_alpha(ratings: Ratings, labels: Sequence[str]) -> float | None:
    """Agreement on labels without an order: 1 perfect, 0 as by chance, below 0 systematic.

    None where no item has two ratings, or all ratings that count are one value: then no
    disagreement was to be expected.

    Args:
        ratings: per item one label per rater, None where a rater gave none.
        labels: k different labels.

    Raises:
        DataError: a rating is not in `labels`, or a label is twice there.
    """
    counts = _label_counts(ratings, labels)
    return _alpha(counts, 1 - np.eye(len(labels)))


def ordinal_alpha(ratings: Ratings, order: Sequence[str]) -> float | None:
    """Agreement on labels with an order but no distances, such as low < middle < high.

    Args:
        ratings: per item one label per rater, None where a rater gave none.
        order: k different labels, from the lowest to the highest.

    Returns, raises: as `nominal_alpha`.
    """
    counts = _label_counts(ratings, order)
    seen = _pairable(counts).sum(axis=0)
    ends = np.cumsum(seen)
    middle = ends - seen / 2
    return _alpha(counts, np.subtract.outer(middle, middle) ** 2)


def interval_alpha(ratings: Sequence[Sequence[float | None]]) -> float | None:
    """Agreement on numbers, such as valence.

    Args:
        ratings: per item one number per rater, None where a rater gave none.

    Returns, raises: as `nominal_alpha`; DataError for NaN or infinity.
    """
    given = [value for row in ratings for value in row if value is not None]
    values, code = np.unique(finite(given, "ratings"), return_inverse=True)
    counts = np.zeros((len(ratings), len(values)))
    item = np.repeat(np.arange(len(ratings)), [_given(row) for row in ratings])
    np.add.at(counts, (item, code), 1)
    return _alpha(counts, np.subtract.outer(values, values) ** 2)


def _given(row: Sequence[float | None]) -> int:
    return sum(value is not None for value in row)


def _label_counts(ratings: Ratings, labels: Sequence[str]) -> Floats:
    different(labels)
    known((rating for item in ratings for rating in item), labels, "ratings", unanswered=True)
    place = {label: index for index, label in enumerate(labels)}
    counts = np.zeros((len(ratings), len(labels)))
    for item, row in enumerate(ratings):
        for rating in row:
            if rating is not None:
                counts[item, place[rating]] += 1
    return counts


def _pairable(counts: Floats) -> Floats:
    return np.asarray(counts[counts.sum(axis=1) >= 2])


def _alpha(counts: Floats, difference: Floats) -> float | None:
    """From ratings per item and value (n, k) and squared differences of values (k, k)."""
    paired = _pairable(counts)
    weights = 1 / (paired.sum(axis=1) - 1)
    # On the diagonal this counts each rating with itself, where the difference is 0.
    coincidences = (paired * weights[:, None]).T @ paired
    frequency = paired.sum(axis=0)
    chance = float(frequency @ difference @ frequency)
    if chance == 0:
        return None
    observed = float((coincidences * difference).sum())
    return 1 - (float(frequency.sum()) - 1) * observed / chance
