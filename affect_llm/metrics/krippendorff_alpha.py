"""Krippendorff's alpha: agreement of any number of raters, with missing ratings.

Krippendorff 2011, Computing Krippendorff's alpha-reliability: alpha = 1 - D_o / D_e, where
    D_o = sum over values c, k of o_ck * d_ck / n,
    D_e = sum of n_c * n_k * d_ck / (n * (n - 1)),
o_ck counts the pairs of ratings c, k of one item, each item's divided by its ratings less one,
n_c is the row sum of o, n the sum of all, and d_ck the squared difference of two values:
    nominal   1 for different ones
    interval  (c - k)^2
    ordinal   (n_c + .. + n_k - (n_c + n_k) / 2)^2, summed over the values from c to k.
Items with fewer than two ratings say nothing about agreement and are left out. Alpha is 1 for
perfect agreement, 0 as by chance, below 0 for systematic disagreement; None where no item has two
ratings, or all ratings that count are one value: then no disagreement was to be expected.
"""

import numpy as np

from affect_llm.metrics.rows import Floats


def nominal_alpha(counts: Floats) -> float | None:
    """Agreement on labels without an order.

    Args:
        counts: (n, k) from `rating_tables.label_counts`.
    """
    return _alpha(counts, 1 - np.eye(counts.shape[1]))


def ordinal_alpha(counts: Floats) -> float | None:
    """Agreement on labels with an order but no distances, such as low < middle < high.

    Args:
        counts: (n, k) from `rating_tables.label_counts`, the labels from lowest to highest.
    """
    seen = _pairable(counts).sum(axis=0)
    middle = np.cumsum(seen) - seen / 2
    return _alpha(counts, np.subtract.outer(middle, middle) ** 2)


def interval_alpha(table: Floats) -> float | None:
    """Agreement on numbers, such as valence.

    Args:
        table: (n, m) from `rating_tables.number_table`.
    """
    given = ~np.isnan(table)
    table = table[given.sum(axis=1) >= 2]
    ratings = (~np.isnan(table)).sum(axis=1)
    if len(table) == 0 or np.nanmin(table) == np.nanmax(table):
        return None
    # Pairs need not be listed: of m numbers x, all (x - y)^2 sum to 2 (m sum x^2 - (sum x)^2).
    centred = table - np.nanmean(table)
    sums, squares = np.nansum(centred, axis=1), np.nansum(centred**2, axis=1)
    observed = float(((ratings * squares - sums**2) / (ratings - 1)).sum())
    n = int(ratings.sum())
    chance = n * float(squares.sum()) - float(sums.sum()) ** 2
    return 1 - (n - 1) * observed / chance


def _pairable(counts: Floats) -> Floats:
    return np.asarray(counts[counts.sum(axis=1) >= 2])


def _alpha(counts: Floats, difference: Floats) -> float | None:
    """Alpha of ratings per item and value (n, k) under squared differences of values (k, k)."""
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
