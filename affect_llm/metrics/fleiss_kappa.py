"""Fleiss' kappa: how much several raters agree beyond chance.

Fleiss 1971 (Psychological Bulletin 76, 378-382): (P - P_e) / (1 - P_e), where P is the mean share
of agreeing pairs of ratings per item, and P_e the sum of squared label frequencies.
"""

import numpy as np

from affect_llm.errors import DataError
from affect_llm.metrics.rows import Floats, listed


def fleiss_kappa(counts: Floats) -> float | None:
    """Agreement of m raters, not necessarily the same for each item: 1 perfect, 0 as by chance.

    None without items, and where all ratings are one label: then no disagreement was to be
    expected. Where ratings are missing, use `krippendorff_alpha`.

    Args:
        counts: (n, k) from `rating_tables.label_counts`; m, at least 2, ratings for every item.

    Raises:
        DataError: items have different numbers of ratings or fewer than two.
    """
    if len(counts) == 0:
        return None
    per_item = counts.sum(axis=1).astype(int)
    raters = int(per_item[0])
    uneven = np.flatnonzero(per_item != raters)
    if len(uneven) or raters < 2:
        raise DataError(
            "Fleiss' kappa needs two or more ratings per item, as many for each; item 0 has "
            f"{raters}, and items {listed(uneven) or 'none'} have another number. "
            "Krippendorff's alpha takes missing ratings."
        )
    agreeing = (counts * (counts - 1)).sum(axis=1) / (raters * (raters - 1))
    chance = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    one_label = np.count_nonzero(counts.sum(axis=0)) == 1
    return None if one_label else (float(agreeing.mean()) - chance) / (1 - chance)
