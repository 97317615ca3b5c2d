"""Sentiment against real-valued gold, scored as MER-UniBench does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from affect_llm.evaluation.scored_file.charts import Charts
from affect_llm.evaluation.scored_file.label_charts import label_charts
from affect_llm.evaluation.scored_file.table import Cell, Table, without_value
from affect_llm.evaluation.scored_file.task import Column, Index, Measured, Unread, Values
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.f1 import weighted_f1
from affect_llm.metrics.resampling import Groups
from affect_llm.metrics.sentiment_f1 import sentiment_value, sentiment_weighted_f1

_SIDES = ("negative", "positive")
_GOLD = Column(("val", "sentiment", "value", "valence"), "the gold sentiment")
_PREDICTED = Column(("sentiment", "val", "value", "valence", "label"), "the predicted sentiment")
Reply = str | float


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Positive against everything else; items with a gold value of 0 are left out."""

    name = "sentiment"
    empty = ""
    gold_columns = (_GOLD,)
    predicted_columns = (_PREDICTED,)

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The same."""
        return self

    def read_gold(self, cells: Sequence[Cell]) -> float | Unread:
        """A number; its sign is what counts."""
        if without_value(cells[0]):
            return Unread("no gold sentiment, left out", "missing")
        value = _number(cells[0])
        return Unread("gold sentiment that is no number", "fatal") if value is None else value

    def read_predicted(self, cells: Sequence[Cell]) -> Reply | Unread:
        """A number, or one of the words positive, negative, neutral, in exactly this spelling."""
        if without_value(cells[0]):
            return Unread("prediction without a sentiment, scored as negative", "empty")
        value = _number(cells[0])
        reply = str(cells[0])
        if value is None and reply not in (*_SIDES, "neutral"):
            return Unread("sentiment that is no known word, scored as negative", "empty")
        return reply if value is None else value

    def measure(self, gold: Sequence[float], predicted: Sequence[Reply]) -> Measured:
        """Weighted F1 and accuracy."""
        clips = [str(n) for n in range(len(gold))]
        score = sentiment_weighted_f1(
            dict(zip(clips, gold, strict=True)), dict(zip(clips, predicted, strict=True))
        )
        counting = np.array([value != 0 for value in gold], dtype=bool)
        codes = answer_codes(
            [_SIDES[value > 0] for value in gold],
            [_SIDES[_positive(reply)] for reply in predicted],
            _SIDES,
        )

        def again(items: Index) -> Values:
            counts = counted(codes[items[counting[items]]], len(_SIDES))
            return {
                ("metrics", "weighted_f1"): weighted_f1(counts),
                ("metrics", "accuracy"): accuracy(counts),
            }

        def charts(groups: Groups) -> Charts:
            none = np.full(len(codes), np.nan)
            return label_charts(_SIDES, codes, none, counting, groups)

        found: Values = {
            ("metrics", "weighted_f1"): score.weighted_f1,
            ("metrics", "accuracy"): score.accuracy,
        }
        skipped = {**score.skipped, "neutral answer, scored as negative": score.neutral}
        return Measured(found, again, skipped, extra={"scored": score.n}, charts=charts)

    def constants(self, gold: Sequence[float]) -> Mapping[str, Reply]:
        """The commoner side, and each."""
        positive = sum(value > 0 for value in gold)
        majority = "positive" if positive >= sum(value < 0 for value in gold) else "negative"
        return {"majority": majority, "all positive": "positive", "all negative": "negative"}


def _number(cell: Cell) -> float | None:
    try:
        value = float(str(cell))
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _positive(reply: Reply) -> bool:
    return (sentiment_value(reply) if isinstance(reply, str) else reply) > 0
