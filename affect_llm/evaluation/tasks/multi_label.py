"""Several labels out of a closed set, or none: F1 of all kinds, Jaccard, exact match."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from affect_llm.errors import DataError
from affect_llm.evaluation.charts import Charts, set_rows
from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.tables.table import Cell, Table, without_value
from affect_llm.evaluation.tasks.clip_sums import WORDS_SHOWN
from affect_llm.evaluation.tasks.label_lists import OPENSET_COLUMNS
from affect_llm.evaluation.tasks.task import ColumnNames, ItemScores, SuiteTask, Unread
from affect_llm.metrics.label_sets import LabelSetPair, label_set_pair
from affect_llm.metrics.multi_label_f1 import (
    micro_f1,
    multi_label_macro_f1,
    multi_label_weighted_f1,
    samples_f1,
)
from affect_llm.metrics.multi_label_match import exact_match, jaccard
from affect_llm.metrics.open_set import parse_labels
from affect_llm.metrics.resamples import Indices
from affect_llm.types import Sample

LabelSet = frozenset[str]
SET_METRICS: Mapping[str, Callable[[LabelSetPair], float | None]] = {
    "macro_f1": multi_label_macro_f1,
    "micro_f1": micro_f1,
    "weighted_f1": multi_label_weighted_f1,
    "samples_f1": samples_f1,
    "jaccard": jaccard,
    "exact_match": exact_match,
}
_UNKNOWN = "label outside the set"


@dataclass(frozen=True, slots=True)
class MultiLabelTask(SuiteTask[LabelSet, LabelSet]):
    """Label sets over `labels`; those of the gold file where none are given.

    A predicted label from outside the set is dropped and counted, which costs nothing by itself;
    an empty prediction has no label.

    Args:
        labels: of the set.
        share_of_top: the product gives the labels whose probability is at least this share of the
            highest; a rule that no data chose.
    """

    labels: tuple[str, ...] = ()
    share_of_top: float = 0.5

    name = "multi-label"
    empty: ClassVar[LabelSet] = frozenset()
    gold_columns = (ColumnNames(OPENSET_COLUMNS, "the gold labels"),)
    predicted_columns = (ColumnNames(OPENSET_COLUMNS, "the predicted labels"),)

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The task with the labels that the gold file has, unless some were named."""
        if self.labels:
            return self
        cells = gold.column(OPENSET_COLUMNS, "the gold labels")
        return replace(
            self, labels=tuple(sorted({word for cell in cells for word in _words(cell)}))
        )

    def read_gold(self, cells: Sequence[Cell]) -> LabelSet | Unread:
        """The labels of an item; an empty cell is an item without labels."""
        labels = _words(cells[0])
        return Unread(f"gold {_UNKNOWN}", "fatal") if labels - set(self.labels) else labels

    def read_predicted(self, cells: Sequence[Cell]) -> LabelSet | Unread:
        """The labels given, unknown ones among them."""
        return _words(cells[0])

    def truth(self, sample: Sample, annotation: str) -> Truth:
        """The set of labels of an item; it may be empty."""
        gold = sample.annotations.get(annotation)
        labels = [str(label) for label in gold] if isinstance(gold, (list, tuple)) else None
        if labels is None or not set(labels) <= set(self.labels):
            raise DataError(
                f"the item {sample.id} has the {annotation} {gold}; a list out of "
                f"{', '.join(self.labels)} was expected."
            )
        return Truth(labels=tuple(labels))

    def gold_of(self, truth: Truth) -> LabelSet:
        """The labels as a set."""
        return frozenset(truth.labels)

    def answer_of(self, prediction: Prediction, *, shown: bool) -> LabelSet:
        """The labels near the top; none where no verdict is shown.

        Where a backend gives no probabilities, they are its verdict and those of its free words
        that are labels of the set.
        """
        top = prediction.shown if shown else prediction.leaning
        if top is None:
            return frozenset()
        if prediction.distribution is None:
            return frozenset({top, *prediction.open_labels} & set(self.labels))
        least = self.share_of_top * max(prediction.distribution.values())
        near = (label for label, p in prediction.distribution.items() if p >= least)
        return frozenset({top, *near})

    def measure(self, gold: Sequence[LabelSet], predicted: Sequence[LabelSet]) -> ItemScores:
        """F1 in its four averages and per label, Jaccard, exact match."""
        known = frozenset(self.labels)
        pair = label_set_pair(gold, [labels & known for labels in predicted], self.labels)

        def again(items: Indices) -> Values:
            drawn = pair.of(items)
            return {("metrics", name): metric(drawn) for name, metric in SET_METRICS.items()}

        strange = Counter(word for labels in predicted for word in labels - known)
        return ItemScores(
            again(np.arange(len(pair.gold))),
            again,
            skipped={f"predicted {_UNKNOWN}": strange.total()},
            charts=lambda groups: Charts(labels=set_rows(self.labels, pair, groups)),
            extra={"unknown_labels": dict(strange.most_common(WORDS_SHOWN))},
        )

    def constants(self, gold: Sequence[LabelSet]) -> Mapping[str, LabelSet]:
        """The commonest label set, the commonest label, and all labels."""
        sets = Counter(tuple(sorted(labels)) for labels in gold)
        singles = Counter(label for labels in gold for label in labels)
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
