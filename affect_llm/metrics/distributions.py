"""Probabilities over a closed label set, checked, with the gold label beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.metrics.rows import Floats, different, known, listed, same_length

Distributions = Sequence[Sequence[float]] | Floats
SUM_WITHIN = 1e-3
"""How far a row's sum may be from 1; such rows are divided by their sum. Published probabilities
are rounded, often to three digits or more."""
EQUAL_WITHIN = 1e-9
"""Rows whose sum is 1 but for the last digits stay as they are, so that .2 stays .2."""


@dataclass(frozen=True, slots=True)
class JudgedDistributions:
    """n distributions over k labels.

    Args:
        probabilities: (n, k), each row between 0 and 1 and of sum 1.
        gold: (n,) column of the gold label.
    """

    probabilities: Floats
    gold: NDArray[np.intp]

    def of_gold(self) -> Floats:
        """The probability that each gold label got, (n,)."""
        return np.asarray(self.probabilities[np.arange(len(self.gold)), self.gold])


def judged(
    probabilities: Distributions, gold: Sequence[str], labels: Sequence[str]
) -> JudgedDistributions:
    """Distributions and gold labels of the same items.

    Args:
        probabilities: (n, k), one column per label.
        gold: n labels out of `labels`.
        labels: k different labels, in the order of the columns.

    Raises:
        DataError: lengths differ, a probability is NaN or outside [0, 1], a row does not sum to
            1 within `SUM_WITHIN`, or a label is not in `labels` or twice there.
    """
    different(labels)
    same_length(probabilities, "distributions", gold, "gold labels")
    known(gold, labels, "gold labels")
    table = _table(probabilities, len(labels))
    column = {label: index for index, label in enumerate(labels)}
    return JudgedDistributions(table, np.array([column[label] for label in gold], dtype=np.intp))


def _table(probabilities: Distributions, labels: int) -> Floats:
    try:
        table = np.asarray(probabilities, dtype=np.float64)
        table = table.reshape(0, labels) if len(table) == 0 else table
    except (TypeError, ValueError):
        raise DataError("Probabilities must be numbers, as many per item as labels.") from None
    if table.ndim != 2 or table.shape[1] != labels:
        raise DataError(f"Probabilities have shape {table.shape}; each item needs {labels}.")
    inside = ((table >= 0) & (table <= 1)).all(axis=1)
    totals = table.sum(axis=1)
    strange = np.flatnonzero(~(inside & (np.abs(totals - 1) <= SUM_WITHIN)))
    if len(strange):
        raise DataError(
            f"Probabilities must lie between 0 and 1 and sum to 1 for each item; items "
            f"{listed(strange)} (counted from 0) do not."
        )
    totals[np.abs(totals - 1) <= EQUAL_WITHIN] = 1
    return np.asarray(table / totals[:, None])
