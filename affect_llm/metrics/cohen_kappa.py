"""Cohen's kappa: how much two raters agree beyond chance.

Cohen 1960 (plain) and 1968 (weighted): 1 - sum(w * observed) / sum(w * expected), where the weight
w of two labels i and j in the given order is [i != j] (plain), |i - j| (linear) or (i - j)^2
(quadratic), and expected is the product of both raters' label frequencies.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from affect_llm.metrics.rows import different, known, same_length

Weights = Literal["plain", "linear", "quadratic"]


def cohen_kappa(
    first: Sequence[str],
    second: Sequence[str],
    labels: Sequence[str],
    weights: Weights = "plain",
) -> float | None:
    """Agreement of two raters of the same items: 1 perfect, 0 as by chance, down to -1.

    None without items, and where both raters gave one and the same label to all of them: then no
    disagreement was to be expected. Where only one rater is constant, it is 0.

    Args:
        first: n labels out of `labels`, one per item.
        second: the same of the second rater.
        labels: k different labels; their order matters to linear and quadratic weights.
        weights: how much a disagreement counts.

    Raises:
        DataError: lengths differ, or a label is not in `labels` or twice there.
    """
    different(labels)
    same_length(first, "labels of the first rater", second, "of the second")
    known(first, labels, "labels of the first rater")
    known(second, labels, "labels of the second rater")
    place = {label: index for index, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    np.add.at(table, ([place[x] for x in first], [place[y] for y in second]), 1)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / max(len(first), 1)
    gap = np.abs(np.subtract.outer(np.arange(len(labels)), np.arange(len(labels)))).astype(float)
    cost = {"plain": (gap > 0).astype(float), "linear": gap, "quadratic": gap**2}[weights]
    chance = float((cost * expected).sum())
    return 1 - float((cost * table).sum()) / chance if chance else None
