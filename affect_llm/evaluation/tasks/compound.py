"""Two basic emotions at a time ("happily surprised"), as the ABAW challenge scores them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from affect_llm.errors import DataError
from affect_llm.evaluation.charts import label_charts
from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.tables.table import Cell, Table, without_value
from affect_llm.evaluation.tasks.closed_set import LABEL_COLUMNS
from affect_llm.evaluation.tasks.task import ColumnNames, ItemScores, Task, Unread
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.compound_classes import C_EXPR_7, RAF_DB_11, Pair, compound, compound_class
from affect_llm.metrics.compound_f1 import component_credits, compound_names
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.f1 import macro_f1, weighted_f1
from affect_llm.metrics.majority import majority_label
from affect_llm.metrics.resamples import Indices

_COLUMNS = ("compound", *LABEL_COLUMNS)


@dataclass(frozen=True, slots=True)
class CompoundTask(Task[Pair, Pair]):
    """F1 of exact pairs, and credit for one right half.

    The classes are the seven of C-EXPR-DB if they hold all gold pairs, else RAF-DB's eleven.
    """

    classes: tuple[str, ...] = C_EXPR_7

    name = "compound"
    empty: ClassVar[Pair] = frozenset()
    gold_columns = (ColumnNames(_COLUMNS, "the gold compound"),)
    predicted_columns = (ColumnNames(_COLUMNS, "the predicted compound"),)

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The task with classes that hold the gold pairs."""
        cells = gold.column(_COLUMNS, "the gold compound")
        pairs = {_pair(cell) for cell in cells if not without_value(cell)}
        small = all(pair and compound_class(pair, C_EXPR_7) for pair in pairs)
        return replace(self, classes=C_EXPR_7 if small else RAF_DB_11)

    def read_gold(self, cells: Sequence[Cell]) -> Pair | Unread:
        """A pair that is one of the classes."""
        if without_value(cells[0]):
            return Unread("no gold compound, left out", "missing")
        pair = _pair(cells[0])
        if pair is None or compound_class(pair, self.classes) is None:
            return Unread(f"gold that is none of {', '.join(self.classes)}", "fatal")
        return pair

    def read_predicted(self, cells: Sequence[Cell]) -> Pair | Unread:
        """A pair or a single emotion."""
        if without_value(cells[0]):
            return Unread("prediction without a label", "empty")
        pair = _pair(cells[0])
        return Unread("prediction that is no compound", "empty") if pair is None else pair

    def measure(self, gold: Sequence[Pair], predicted: Sequence[Pair]) -> ItemScores:
        """Macro F1 (the challenge's), weighted F1, accuracy, and credit for halves."""
        names, answers = compound_names(gold, predicted, self.classes)
        codes = answer_codes(names, answers, self.classes)
        credit = component_credits(gold, predicted)

        def again(items: Indices) -> Values:
            counts = counted(codes[items], len(self.classes))
            return {
                ("metrics", "macro_f1"): macro_f1(counts),
                ("metrics", "macro_f1_all_classes"): macro_f1(counts, undefined=0),
                ("metrics", "weighted_f1"): weighted_f1(counts),
                ("metrics", "accuracy"): accuracy(counts),
                ("metrics", "component_credit"): float(credit[items].mean()),
            }

        return ItemScores(
            again(np.arange(len(codes))),
            again,
            skipped={"answer outside the classes, wrong": answers.count(None)},
            extra={"classes": list(self.classes)},
            charts=lambda groups: label_charts(self.classes, codes, groups),
        )

    def constants(self, gold: Sequence[Pair]) -> Mapping[str, Pair]:
        """The commonest compound."""
        commonest = majority_label([" ".join(sorted(pair)) for pair in gold]) or ""
        return {"majority": compound(commonest)}


def _pair(cell: Cell) -> Pair | None:
    try:
        return compound(" ".join(map(str, cell)) if isinstance(cell, list) else str(cell))
    except DataError:
        return None
