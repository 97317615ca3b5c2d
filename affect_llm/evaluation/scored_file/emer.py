"""Descriptions against reference descriptions, judged as EMER does: clue and label overlap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.judges.describe import NAMES, judge_descriptions
from affect_llm.evaluation.judges.judge import Judge
from affect_llm.evaluation.scored_file.table import Cell, Table, without_value
from affect_llm.evaluation.scored_file.task import Column, Index, Measured, Unread, Values

_COLUMNS = (
    "reason", "reasons", "description", "explanation", "english", "chinese", "chi_reasons", "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Emer:
    """Mean overlap, 0 to 10, by one judge; only scores of the same judge compare."""

    judge: Judge

    name = "emer"
    empty = ""
    gold_columns = (Column(_COLUMNS, "the reference description"),)
    predicted_columns = (Column(_COLUMNS, "the predicted description"),)

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The same."""
        return self

    def read_gold(self, cells: Sequence[Cell]) -> str | Unread:
        """The reference."""
        if without_value(cells[0]):
            return Unread("no reference description, left out", "missing")
        return str(cells[0])

    def read_predicted(self, cells: Sequence[Cell]) -> str | Unread:
        """The description; an empty one overlaps in nothing."""
        return Unread("empty description", "empty") if without_value(cells[0]) else str(cells[0])

    def measure(self, gold: Sequence[str], predicted: Sequence[str]) -> Measured:
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

        def again(items: Index) -> Values:
            return {("metrics", name): _mean(column[items]) for name, column in columns.items()}

        return Measured(
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
                "passes": {n: found.model_dump(mode="json") for n, found in report.passes.items()},
                "anchors": {
                    n: found.model_dump(mode="json") for n, found in report.anchors.items()
                },
                "warnings": list(report.warnings),
            },
        )

    def constants(self, gold: Sequence[str]) -> Mapping[str, str]:
        """One of the references for every clip: that of middling length."""
        return {"one reference for all": sorted(gold, key=len)[len(gold) // 2]}


def _mean(scores: NDArray[np.float64]) -> float | None:
    known = scores[~np.isnan(scores)]
    return float(known.mean()) if len(known) else None
