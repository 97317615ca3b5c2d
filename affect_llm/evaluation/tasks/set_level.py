"""Set-level accuracy and recall: words of one meaning count as one (EMER-V2, MER2024 track 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from affect_llm.errors import DataError
from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.tables.alignment import ID_COLUMNS
from affect_llm.evaluation.tables.table import Cell
from affect_llm.evaluation.tasks.label_lists import (
    LabelCell,
    LabelListTask,
    common_constants,
    plain,
    read_labels,
)
from affect_llm.evaluation.tasks.task import ColumnNames, ItemScores, Task, Unread
from affect_llm.metrics.open_set import parse_labels
from affect_llm.metrics.resamples import Indices
from affect_llm.metrics.set_level import set_level_scores
from affect_llm.metrics.set_overlap import Grouping

_ID = ColumnNames(ID_COLUMNS, "the ids", required=False)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A gold list and the clip that it belongs to, by which a saved reply is found."""

    clip: str
    labels: LabelCell


@dataclass(frozen=True, slots=True)
class SetLevelTask(Task[Labelled, LabelCell]):
    """Scores over groups of words that a judge made, or over those of a vocabulary.

    Args:
        saved: clip → a judge's reply; empty where `grouping` makes the groups.
        grouping: which words mean the same, where no judge was asked.
        made_by: who made the groups, for the report; scores of different ones do not compare.
    """

    saved: Mapping[str, str]
    grouping: Grouping | None
    made_by: str

    name = "set-level"
    empty = ""
    gold_columns = (*LabelListTask.gold_columns, _ID)
    predicted_columns = LabelListTask.predicted_columns

    def read_gold(self, cells: Sequence[Cell]) -> Labelled | Unread:
        """The gold labels; a clip without any is left out."""
        labels = read_labels(cells[:1], "gold row")
        if isinstance(labels, Unread):
            return Unread("gold row without a label, left out", "missing")
        return Labelled(str(cells[1]).strip(), labels)

    def read_predicted(self, cells: Sequence[Cell]) -> LabelCell | Unread:
        """The predicted labels as printed."""
        return read_labels(cells, "prediction")

    def measure(self, gold: Sequence[Labelled], predicted: Sequence[LabelCell]) -> ItemScores:
        """Accuracy, recall and their mean, over the clips that have groups.

        Raises:
            DataError: no clip has a saved reply.
        """
        clip = cache(self._clip)
        clips = [clip(*pair) for pair in zip(gold, predicted, strict=True)]
        unjudged = clips.count(None)
        if clips and unjudged == len(clips):
            raise DataError(f"None of the {len(clips)} clips has a saved reply of the judge.")
        table = np.array([scores or (np.nan, np.nan) for scores in clips])

        def again(items: Indices) -> Values:
            drawn = table[items]
            judged = drawn[~np.isnan(drawn[:, 0])]
            accuracy = recall = mean = None
            if len(judged):
                accuracy, recall = (float(np.mean(column)) for column in judged.T)
                mean = (accuracy + recall) / 2
            scores = {"accuracy": accuracy, "recall": recall, "mean": mean}
            return {("metrics", name): score for name, score in scores.items()}

        return ItemScores(
            again(np.arange(len(table))),
            again,
            skipped={"no saved reply of the judge": unjudged},
            extra={"groups_made_by": self.made_by, "scored": len(clips) - unjudged},
        )

    def constants(self, gold: Sequence[Labelled]) -> Mapping[str, LabelCell]:
        """The commonest gold list, and lists that fit much of anything."""
        return common_constants([labelled.labels for labelled in gold])

    def _clip(self, gold: Labelled, predicted: LabelCell) -> tuple[float, float] | None:
        labels, given = plain(gold.labels), plain(predicted)
        if self.grouping is None:
            reply = self.saved.get(gold.clip)
        else:
            # The vocabulary's groups of the clip's words, printed as a judge prints them.
            groups: dict[str, list[str]] = {}
            words = (*parse_labels(labels), *parse_labels(given))
            for word in sorted({label.lower().strip() for label in words}):
                groups.setdefault(self.grouping.group(word) or f"word: {word}", []).append(word)
            reply = str(list(groups.values()))
        return None if reply is None else set_level_scores(labels, given, reply)
