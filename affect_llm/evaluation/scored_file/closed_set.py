"""One label out of a closed set: accuracy, F1, recall, calibration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.evaluation.scored_file.charts import Charts
from affect_llm.evaluation.scored_file.label_charts import label_charts
from affect_llm.evaluation.scored_file.problems import listed
from affect_llm.evaluation.scored_file.table import Cell, Table, without_value
from affect_llm.evaluation.scored_file.task import Column, Index, Measured, Unread, Values
from affect_llm.evaluation.scores import METRICS
from affect_llm.metrics.calibration_error import expected_calibration_error
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.majority import majority_label
from affect_llm.metrics.resamples import Groups

LABEL_COLUMNS = (
    "label", "emotion", "emo", "discrete", "gold", "openset", "prediction", "predicted",
    "predicted_label", "pred", "y_pred", "answer",
)  # fmt: skip
_CONFIDENCE = Column(("confidence", "probability", "score"), "the confidence", required=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A label of the set, or None for no such label; confidence 0 to 1 where it is known."""

    label: str | None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ClosedSet:
    """Classification into `labels`; those of the gold file where none are given.

    An answer that is no label of the set counts as wrong.
    """

    labels: tuple[str, ...] = ()
    gold_names: tuple[str, ...] = LABEL_COLUMNS
    predicted_names: tuple[str, ...] = LABEL_COLUMNS

    name = "closed-set"
    empty = Answer(None)

    @property
    def gold_columns(self) -> tuple[Column, ...]:
        """The gold label."""
        return (Column(self.gold_names, "the gold label"),)

    @property
    def predicted_columns(self) -> tuple[Column, ...]:
        """The predicted label, and its confidence if there is one."""
        return Column(self.predicted_names, "the predicted label"), _CONFIDENCE

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """With the labels that the gold file has, unless some were named.

        Raises:
            DataError: not one predicted label is of the set, so the files do not belong together.
        """
        labels = self.labels or _labels_in(gold.column(self.gold_names, "the gold label"))
        answers = _labels_in(predicted.column(self.predicted_names, "the predicted label"))
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

    def read_predicted(self, cells: Sequence[Cell]) -> Answer | Unread:
        """The answer; a label from outside the set is none."""
        if _blank(cells[0]):
            return Unread("prediction without a label", "empty")
        label = _label(cells[0])
        if label not in self.labels:
            return Unread("predicted label outside the set", "empty")
        return Answer(label, _share(cells[1]))

    def measure(self, gold: Sequence[str], predicted: Sequence[Answer]) -> Measured:
        """Accuracy, F1 and recall; expected calibration error where confidences are given."""
        codes = answer_codes(gold, [answer.label for answer in predicted], self.labels)
        sure = np.array([_nan(answer.confidence) for answer in predicted])
        right = np.array([a.label == g for a, g in zip(predicted, gold, strict=True)], dtype=bool)

        def again(index: Index) -> Values:
            counts = counted(codes[index], len(self.labels))
            values: Values = {("metrics", name): metric(counts) for name, metric in METRICS.items()}
            if not np.isnan(sure).all():
                error = _calibration(sure[index], right[index])
                values["metrics", "expected_calibration_error"] = error
            return values

        def charts(groups: Groups) -> Charts:
            return label_charts(self.labels, codes, sure, right, groups)

        return Measured(again(np.arange(len(codes))), again, charts=charts)

    def constants(self, gold: Sequence[str]) -> Mapping[str, Answer]:
        """The commonest gold label."""
        return {"majority": Answer(majority_label(gold))}


def _calibration(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float | None:
    given = ~np.isnan(sure)
    return expected_calibration_error(sure[given].tolist(), right[given].tolist())


def _labels_in(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(sorted({_label(cell) for cell in cells if not _blank(cell)}))


def _blank(cell: Cell) -> bool:
    return without_value(cell) or cell == []


def _label(cell: Cell) -> str:
    """A label in lower case; a printed list of one label is that label."""
    if isinstance(cell, list):
        cell = cell[0] if len(cell) == 1 else ", ".join(map(str, cell))
    return str(cell).strip().strip("[]'\" ").casefold()


def _share(cell: Cell) -> float | None:
    try:
        value = float(str(cell))
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _nan(value: float | None) -> float:
    return np.nan if value is None else value
