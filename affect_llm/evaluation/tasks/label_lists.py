"""Lists of open labels: what the tasks that score them read alike."""

from collections import Counter
from collections.abc import Mapping, Sequence

from affect_llm.errors import DataError
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.tables.table import Cell, without_value
from affect_llm.evaluation.tasks.task import ColumnNames, SuiteTask, Unread
from affect_llm.types import Sample

LabelCell = str | tuple[str, ...]
"""Labels in one text, still to be parsed, or each on its own."""
OPENSET_COLUMNS = (
    "openset", "labels", "open_labels", "label", "emotions", "emotion", "prediction", "predicted",
    "pred", "answer",
)  # fmt: skip
CONSTANTS: Mapping[str, LabelCell] = {
    "worried, angry, happy": "worried, angry, happy",
    "all seven": "anger, disgust, fear, joy, neutral, sadness, surprise",
}
"""Lists that fit much of anything: what the loopholes of the published rules are worth."""


def read_labels(cells: Sequence[Cell], side: str) -> LabelCell | Unread:
    """The labels of a cell as they are printed, or a tuple of them; none at all is counted."""
    cell = cells[0]
    if without_value(cell) or cell == [] or (isinstance(cell, str) and cell.strip() == "[]"):
        return Unread(f"{side} without a label", "empty")
    if isinstance(cell, list):
        return tuple(str(item) for item in cell)
    return cell if isinstance(cell, str) else Unread(f"{side} that is no list of labels", "fatal")


def common_constants(gold: Sequence[LabelCell]) -> Mapping[str, LabelCell]:
    """The commonest gold cell, and label lists that fit much of anything."""
    commonest = min(Counter(gold).items(), key=lambda pair: (-pair[1], str(pair[0])))[0]
    return {"majority": commonest, **CONSTANTS}


def plain(cell: LabelCell) -> object:
    """A cell as the metrics take it: a text, or a list."""
    return list(cell) if isinstance(cell, tuple) else cell


def by_clip(cells: Sequence[LabelCell]) -> dict[str, object]:
    """The cells as the metrics take them, by the number of their clip."""
    return {str(n): plain(cell) for n, cell in enumerate(cells)}


class LabelListTask(SuiteTask[LabelCell, LabelCell]):
    """A task on gold and predicted lists of open labels."""

    empty = ""
    gold_columns = (ColumnNames(OPENSET_COLUMNS, "the gold labels"),)
    predicted_columns = (ColumnNames(OPENSET_COLUMNS, "the predicted labels"),)

    def read_gold(self, cells: Sequence[Cell]) -> LabelCell | Unread:
        """The gold labels as printed."""
        return read_labels(cells, "gold row")

    def read_predicted(self, cells: Sequence[Cell]) -> LabelCell | Unread:
        """The predicted labels as printed."""
        return read_labels(cells, "prediction")

    def truth(self, sample: Sample, annotation: str) -> Truth:
        """One label or a list of them."""
        gold = sample.annotations.get(annotation)
        labels = tuple(map(str, gold)) if isinstance(gold, (list, tuple)) else (gold,)
        if not all(isinstance(label, str) and label for label in labels):
            raise DataError(
                f"the item {sample.id} has the {annotation} {gold!r}, which is neither a label "
                "nor a list of them."
            )
        return Truth(labels=tuple(map(str, labels)))

    def gold_of(self, truth: Truth) -> LabelCell:
        """The gold labels."""
        return truth.labels

    def answer_of(self, prediction: Prediction, *, shown: bool) -> LabelCell:
        """The verdict and the words beside it; none where there is no verdict to show."""
        label = prediction.shown if shown else prediction.leaning
        return () if label is None else tuple(dict.fromkeys((label, *prediction.open_labels)))

    def constants(self, gold: Sequence[LabelCell]) -> Mapping[str, LabelCell]:
        """The commonest gold list, and lists that fit much of anything."""
        return common_constants(gold)
