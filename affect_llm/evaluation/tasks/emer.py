"""Descriptions against reference descriptions, judged as EMER does: clue and label overlap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from affect_llm.errors import DataError
from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.judges.describe import NAMES, judge_descriptions
from affect_llm.evaluation.judges.judge import Judge
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.tables.table import Cell, without_value
from affect_llm.evaluation.tasks.task import ColumnNames, ItemScores, SuiteTask, Unread
from affect_llm.metrics.resamples import Indices
from affect_llm.types import Sample

_COLUMNS = (
    "reason", "reasons", "description", "explanation", "english", "chinese", "chi_reasons", "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmerTask(SuiteTask[str, str]):
    """Mean overlap, 0 to 10, by one judge; only scores of the same judge compare."""

    judge: Judge

    name = "emer"
    empty = ""
    gold_columns = (ColumnNames(_COLUMNS, "the reference description"),)
    predicted_columns = (ColumnNames(_COLUMNS, "the predicted description"),)

    def read_gold(self, cells: Sequence[Cell]) -> str | Unread:
        """The reference."""
        if without_value(cells[0]):
            return Unread("no reference description, left out", "missing")
        return str(cells[0])

    def read_predicted(self, cells: Sequence[Cell]) -> str | Unread:
        """The description; an empty one overlaps in nothing."""
        return Unread("empty description", "empty") if without_value(cells[0]) else str(cells[0])

    def truth(self, sample: Sample, annotation: str) -> Truth:
        """The reference description."""
        text = sample.annotations.get(annotation)
        if not isinstance(text, str) or not text.strip():
            raise DataError(f"the item {sample.id} has no {annotation}.")
        return Truth(text=text)

    def gold_of(self, truth: Truth) -> str:
        """The reference description."""
        return truth.text or ""

    def answer_of(self, prediction: Prediction, *, shown: bool) -> str:
        """The explanation with the verdict; empty where there is no verdict to show."""
        label = prediction.shown if shown else prediction.leaning
        if label is None:
            return ""
        words = ", ".join((label, *prediction.open_labels))
        return " ".join((*(s.text for s in prediction.explanation), f"The cues suggest {words}."))

    def measure(self, gold: Sequence[str], predicted: Sequence[str]) -> ItemScores:
        """Means of the judgements that could be made; the others are counted."""
        clips = [str(n) for n in range(len(gold))]
        report = judge_descriptions(
            dict(zip(clips, gold, strict=True)),
            dict(zip(clips, predicted, strict=True)),
            self.judge,
        )
        columns = {name: np.full(len(clips), np.nan) for name in NAMES.values()}
        for one in report.judgements:
            if one.score is not None:
                columns[NAMES[one.aspect]][int(one.id)] = one.score

        def again(items: Indices) -> Values:
            drawn = {name: column[items] for name, column in columns.items()}
            known = {name: scores[~np.isnan(scores)] for name, scores in drawn.items()}
            return {
                ("metrics", name): float(scores.mean()) if len(scores) else None
                for name, scores in known.items()
            }

        return ItemScores(
            again(np.arange(len(clips))),
            again,
            skipped={
                f"{name}: {reason}": count
                for name, score in report.scores.items()
                for reason, count in score.skipped.items()
            },
            costly=self.judge.card.orders > 1,
            extra={
                "judge": report.judge.model_dump(mode="json"),
                "comparable": report.comparable,
                "noted": report.noted,
                **report.model_dump(mode="json", include={"passes", "anchors"}),
                "warnings": list(report.warnings),
            },
        )

    def constants(self, gold: Sequence[str]) -> Mapping[str, str]:
        """One of the references for every clip: that of middling length."""
        return {"one reference for all": sorted(gold, key=len)[len(gold) // 2]}
