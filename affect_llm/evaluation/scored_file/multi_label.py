"""Several labels out of a closed set: F1 of all kinds, Jaccard, exact match."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from affect_llm.evaluation.scored_file.charts import Charts
from affect_llm.evaluation.scored_file.label_charts import set_rows
from affect_llm.evaluation.scored_file.open_set import OPENSET_COLUMNS
from affect_llm.evaluation.scored_file.table import Cell, Table, without_value
from affect_llm.evaluation.scored_file.task import Column, Index, Measured, Unread, Values
from affect_llm.evaluation.tasks.multi_label import METRICS
from affect_llm.metrics.label_sets import label_set_pair
from affect_llm.metrics.open_set import parse_labels

LabelSet = frozenset[str]
_UNKNOWN = "label outside the set"


@dataclass(frozen=True, slots=True)
class MultiLabel:
    """Label sets over `labels`; those of the gold file where none are given.

    A predicted label from outside the set is dropped and counted, which costs nothing by itself;
    an empty prediction has no label.
    """

    labels: tuple[str, ...] = ()

    name = "multi-label"
    empty: ClassVar[LabelSet] = frozenset()
    gold_columns = (Column(OPENSET_COLUMNS, "the gold labels"),)
    predicted_columns = (Column(OPENSET_COLUMNS, "the predicted labels"),)

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """With the labels that the gold file has, unless some were named."""
        if self.labels:
            return self
        cells = gold.column(OPENSET_COLUMNS, "the gold labels")
        return replace(
            self, labels=tuple(sorted({word for cell in cells for word in _words(cell)}))
        )

    def read_gold(self, cells: Sequence[Cell]) -> LabelSet | Unread:
        """The labels of an item; an empty cell is an item without labels."""
        found = _words(cells[0])
        return Unread(f"gold {_UNKNOWN}", "fatal") if found - set(self.labels) else found

    def read_predicted(self, cells: Sequence[Cell]) -> LabelSet | Unread:
        """The labels given, unknown ones among them."""
        return _words(cells[0])

    def measure(self, gold: Sequence[LabelSet], predicted: Sequence[LabelSet]) -> Measured:
        """F1 in its four averages and per label, Jaccard, exact match."""
        known = frozenset(self.labels)
        pair = label_set_pair(gold, [found & known for found in predicted], self.labels)

        def again(items: Index) -> Values:
            drawn = pair.of(items)
            return {("metrics", name): metric(drawn) for name, metric in METRICS.items()}

        strange = Counter(word for found in predicted for word in found - known)
        return Measured(
            again(np.arange(len(pair.gold))),
            again,
            skipped={f"predicted {_UNKNOWN}": strange.total()},
            charts=lambda groups: Charts(labels=set_rows(self.labels, pair, groups)),
            extra={"unknown_labels": dict(strange.most_common(30))},
        )

    def constants(self, gold: Sequence[LabelSet]) -> Mapping[str, LabelSet]:
        """The commonest label set, the commonest label, and all labels."""
        sets = Counter(tuple(sorted(found)) for found in gold)
        singles = Counter(label for found in gold for label in found)
        commonest_set = min(sets.items(), key=lambda pair: (-pair[1], pair[0]))[0]
        commonest = min(singles, key=lambda label: (-singles[label], label), default=None)
        return {
            "majority": frozenset(commonest_set),
            "commonest label": frozenset() if commonest is None else frozenset({commonest}),
            "all labels": frozenset(self.labels),
        }


def _words(cell: Cell) -> LabelSet:
    if without_value(cell):
        return frozenset()
    cells = cell if isinstance(cell, list) else parse_labels(str(cell), "robust")
    return frozenset(str(word).strip().casefold() for word in cells)
