"""Several labels per item out of a closed set, and how often each is rightly given."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.metrics.rows import different, listed, same_length

LabelSets = Sequence[Collection[str]]


@dataclass(frozen=True, slots=True)
class LabelSetPair:
    """Which of k labels n items have, and which they were given.

    Args:
        gold, predicted: (n, k), True where an item has the label.
    """

    gold: NDArray[np.bool_]
    predicted: NDArray[np.bool_]

    def of(self, items: NDArray[np.intp]) -> "LabelSetPair":
        """The items with the given indices, as a bootstrap draws them."""
        return LabelSetPair(self.gold[items], self.predicted[items])


def label_set_pair(gold: LabelSets, predicted: LabelSets, labels: Sequence[str]) -> LabelSetPair:
    """Gold and predicted label sets of the same items, in the order of `labels`.

    An item without labels has an empty set, on either side. Naming a label twice adds nothing.

    Args:
        gold: n sets (or lists) of labels.
        predicted: n sets (or lists) of labels.
        labels: k different labels.

    Raises:
        DataError: lengths differ, a label is not in `labels` or twice there, or an item is one
            string instead of a set.
    """
    different(labels)
    same_length(gold, "gold label sets", predicted, "predicted label sets")
    return LabelSetPair(
        _indicators(gold, labels, "gold"), _indicators(predicted, labels, "predicted")
    )


def _indicators(sets: LabelSets, labels: Sequence[str], what: str) -> NDArray[np.bool_]:
    column = {label: index for index, label in enumerate(labels)}
    single = [item for item, given in enumerate(sets) if isinstance(given, str)]
    if single:
        raise DataError(f"The {what} labels of items {listed(single)} are a string, not a set.")
    strange = [item for item, given in enumerate(sets) if not column.keys() >= set(given)]
    if strange:
        words = sorted(str(word) for word in set().union(*sets) - column.keys())
        raise DataError(
            f"The {what} labels {', '.join(words)} (items {listed(strange)}, counted from 0) are "
            f"not among the labels {', '.join(labels)}."
        )
    table = np.zeros((len(sets), len(labels)), dtype=np.bool_)
    for item, given in enumerate(sets):
        table[item, [column[label] for label in given]] = True
    return table
