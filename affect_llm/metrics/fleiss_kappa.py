"""Fleiss' kappa: how much several raters agree beyond chance.

Fleiss 1971 (Psychological Bulletin 76, 378-382): (P - P_e) / (1 - P_e), where P is the mean share
of agreeing pairs of ratings per item, and P_e the sum of squared label frequencies.
"""

from collections.abc import Sequence

import numpy as np

from affect_llm.errors import DataError
from affect_llm.metrics.rows import different, known, listed


def fleiss_kappa(ratings: Sequence[Sequence[str]], labels: Sequence[str]) -> float | None:
    """Agreement of m raters, not necessarily the same for each item: 1 perfect, 0 as by chance.

    None without items, and where all ratings are one label: then no disagreement was to be
    expected. Ratings may be missing? Use `krippendorff_alpha`.

    Args:
        ratings: per item the m labels that it got, m at least 2 and the same for all items.
        labels: k different labels.

    Raises:
        DataError: items have different numbers of ratings or fewer than two, or a label is not
            in `labels` or twice there.
    """
    different(labels)
    known([rating for item in ratings for rating in item], labels, "ratings")
    if len(ratings) == 0:
        return None
    raters = len(ratings[0])
    uneven = [item for item, row in enumerate(ratings) if len(row) != raters]
    if uneven or raters < 2:
        raise DataError(
            "Fleiss' kappa needs two or more ratings per item, as many for each; item 0 has "
            f"{raters}, and items {listed(uneven) or 'none'} have another number. "
            "Krippendorff's alpha takes missing ratings."
        )
    counts = np.array([[row.count(label) for label in labels] for row in map(list, ratings)])
    agreeing = (counts * (counts - 1)).sum(axis=1) / (raters * (raters - 1))
    chance = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    one_label = np.count_nonzero(counts.sum(axis=0)) == 1
    return None if one_label else (float(agreeing.mean()) - chance) / (1 - chance)
