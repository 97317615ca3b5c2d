"""One label out of a closed set: accuracy, F1, recall, calibration."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.evaluation.charts import label_charts
from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.tables.problems import listed
from affect_llm.evaluation.tables.table import Cell, Table, as_number, without_value
from affect_llm.evaluation.tasks.task import ColumnNames, ItemScores, SuiteTask, Unread
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.calibration_error import expected_calibration_error
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.f1 import macro_f1, weighted_f1
from affect_llm.metrics.majority import majority_label
from affect_llm.metrics.recall import unweighted_recall
from affect_llm.metrics.resamples import Indices
from affect_llm.types import Sample

LABEL_METRICS: Mapping[str, Callable[[NDArray[np.int64]], float | None]] = {
    "accuracy": accuracy,
    "macro_f1": macro_f1,
    "unweighted_recall": unweighted_recall,
    "weighted_f1": weighted_f1,
}
LABEL_COLUMNS = (
    "label", "emotion", "emo", "discrete", "gold", "openset", "prediction", "predicted",
    "predicted_label", "pred", "y_pred", "answer",
)  # fmt: skip
_CONFIDENCE = ColumnNames(("confidence", "probability", "score"), "the confidence", required=False)


@dataclass(frozen=True, slots=True)
class ClosedAnswer:
    """A label of the set, or None for no such label.

    Args:
        label: as it was shown.
        confidence: 0 to 1, where it is known.
        leaning: the label that the confidence is about, also where it was not shown.
    """

    label: str | None
    confidence: float | None = None
    leaning: str | None = None


@dataclass(frozen=True, slots=True)
class ClosedSetTask(SuiteTask[str, ClosedAnswer]):
    """Classification into `labels`; those of the gold file where none are given.

    An answer that is no label of the set counts as wrong.
    """

    labels: tuple[str, ...] = ()

    name = "closed-set"
    empty = ClosedAnswer(None)
    gold_columns = (ColumnNames(LABEL_COLUMNS, "the gold label"),)
    predicted_columns = (ColumnNames(LABEL_COLUMNS, "the predicted label"), _CONFIDENCE)

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The task with the labels that the gold file has, unless some were named.

        Raises:
            DataError: not one predicted label is of the set, so the files do not belong together.
        """
        labels = self.labels or _labels_in(gold.column(LABEL_COLUMNS, "the gold label"))
        answers = _labels_in(predicted.column(LABEL_COLUMNS, "the predicted label"))
        if labels and answers and not set(answers) & set(labels):
            raise DataError(
                f"No label in {predicted.path} is of the set: it says {listed(answers)}, and the "
                f"set is {listed(labels)}. Rename its labels, or name the set with --labels."
            )
        return replace(self, labels=labels)

    def read_gold(self, cells: Sequence[Cell]) -> str | Unread:
        """The gold label; one from outside the set must be mended."""
        if _blank(cells[0]):
            return Unread("no gold label, left out", "missing")
        label = _label(cells[0])
        return label if label in self.labels else Unread("gold label outside the set", "fatal")

    def read_predicted(self, cells: Sequence[Cell]) -> ClosedAnswer | Unread:
        """The answer; a label from outside the set is none."""
        if _blank(cells[0]):
            return Unread("prediction without a label", "empty")
        label, confidence = _label(cells[0]), as_number(cells[1])
        if label not in self.labels:
            return Unread("predicted label outside the set", "empty")
        known = confidence is not None and 0 <= confidence <= 1
        return ClosedAnswer(label, confidence if known else None, label)

    def truth(self, sample: Sample, annotation: str) -> Truth:
        """The one label of an item, which must be of the set."""
        gold = sample.annotations.get(annotation)
        if gold not in self.labels:
            raise DataError(
                f"the item {sample.id} has the {annotation} '{gold}', which is not one of "
                f"{', '.join(self.labels)}."
            )
        return Truth(label=str(gold))

    def gold_of(self, truth: Truth) -> str:
        """The label."""
        return truth.label

    def answer_of(self, prediction: Prediction, *, shown: bool) -> ClosedAnswer:
        """The label, and the confidence in what an abstention leans to."""
        leaning = prediction.leaning
        confidence = None if leaning is None else prediction.confidence
        return ClosedAnswer(prediction.shown if shown else leaning, confidence, leaning)

    def measure(self, gold: Sequence[str], predicted: Sequence[ClosedAnswer]) -> ItemScores:
        """Accuracy, F1 and recall; expected calibration error where confidences are given."""
        codes = answer_codes(gold, [answer.label for answer in predicted], self.labels)
        sure = np.array([np.nan if a.confidence is None else a.confidence for a in predicted])
        right = np.array([a.leaning == g for a, g in zip(predicted, gold, strict=True)], dtype=bool)

        def again(index: Indices) -> Values:
            counts = counted(codes[index], len(self.labels))
            values: Values = {("metrics", name): f(counts) for name, f in LABEL_METRICS.items()}
            if not np.isnan(sure).all():
                given = index[~np.isnan(sure[index])]
                values["metrics", "expected_calibration_error"] = expected_calibration_error(
                    sure[given].tolist(), right[given].tolist()
                )
            return values

        return ItemScores(
            again(np.arange(len(codes))),
            again,
            charts=lambda groups: label_charts(self.labels, codes, groups, sure, right),
        )

    def constants(self, gold: Sequence[str]) -> Mapping[str, ClosedAnswer]:
        """The commonest gold label."""
        return {"majority": ClosedAnswer(majority_label(gold))}

    def chance(self) -> Values:
        """One of k, for the metrics in which every label or item weighs the same."""
        share = 1 / len(self.labels)
        return {("metrics", name): share for name in ("accuracy", "unweighted_recall")}


def _labels_in(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(sorted({_label(cell) for cell in cells if not _blank(cell)}))


def _blank(cell: Cell) -> bool:
    return without_value(cell) or cell == []


def _label(cell: Cell) -> str:
    """A label in lower case; a printed list of one label is that label."""
    if isinstance(cell, list):
        cell = cell[0] if len(cell) == 1 else ", ".join(map(str, cell))
    return str(cell).strip().strip("[]'\" ").casefold()
