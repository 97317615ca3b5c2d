"""Sentiment against real-valued gold, scored as MER-UniBench does.

MER-UniBench asks a language model which sentiment a list of labels stands for, and scores its
replies. Such replies are scored as they are. Label lists are read only where a rule for them was
asked for by name, since its scores are not the published ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from affect_llm.errors import DataError
from affect_llm.evaluation.charts import label_charts
from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.tables.problems import short
from affect_llm.evaluation.tables.table import Cell, Table, as_number, without_value
from affect_llm.evaluation.tasks.label_lists import OPENSET_COLUMNS, read_labels
from affect_llm.evaluation.tasks.task import ColumnNames, ItemScores, SuiteTask, Unread
from affect_llm.labels.emotion_words.sentiment import RULE, sentiment_of
from affect_llm.labels.emotion_words.vocabulary import EmotionVocabulary
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.f1 import weighted_f1
from affect_llm.metrics.open_set import parse_labels
from affect_llm.metrics.resamples import Indices
from affect_llm.metrics.sentiment_f1 import sentiment_value, sentiment_weighted_f1
from affect_llm.types import Sample

_SIDES = ("negative", "positive")
_NUMBERS = ("val", "sentiment", "value", "valence", "label", "openset")
_GOLD = ColumnNames(_NUMBERS, "the gold sentiment")
_REPLIES = ColumnNames(("sentiment", *_NUMBERS, "prediction", "answer"), "the predicted sentiment")
_LABELS = ColumnNames(OPENSET_COLUMNS, "the predicted labels")
Reply = str | float
LabelRule = Literal["valence"]


@dataclass(frozen=True, slots=True)
class SentimentTask(SuiteTask[float, Reply]):
    """Positive against everything else; items with a gold value of 0 are left out.

    Args:
        labels_by: how label lists become a sentiment: the sign of their mean valence in the own
            vocabulary. None: predictions are sentiments already.
    """

    labels_by: LabelRule | None = None

    name = "sentiment"
    empty = ""
    gold_columns = (_GOLD,)

    @property
    def predicted_columns(self) -> tuple[ColumnNames, ...]:
        """The sentiment, or the labels that it is to be made from."""
        return (_REPLIES if self.labels_by is None else _LABELS,)

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The same task, if the predictions can be read by it.

        Raises:
            DataError: predictions are to be sentiments, and not one of them is.
        """
        if self.labels_by is None:
            cells = predicted.column(_REPLIES.names, _REPLIES.purpose)
            filled = [cell for cell in cells if not without_value(cell)]
            if filled and all(isinstance(_reply(cell), Unread) for cell in filled):
                raise DataError(
                    f"{predicted.path} has no sentiment: not one cell is a number or exactly "
                    f"positive, negative or neutral; the first is {short(str(filled[0]))!r}. If "
                    "these are emotion labels, --labels-as valence makes a sentiment of their "
                    "valence (not the published way, which asks a language model)."
                )
        return self

    def read_gold(self, cells: Sequence[Cell]) -> float | Unread:
        """A number; its sign is what counts."""
        if without_value(cells[0]):
            return Unread("no gold sentiment, left out", "missing")
        value = as_number(cells[0])
        return Unread("gold sentiment that is no number", "fatal") if value is None else value

    def read_predicted(self, cells: Sequence[Cell]) -> Reply | Unread:
        """A number, or exactly "positive", "negative" or "neutral"; or the side of labels."""
        if self.labels_by is None:
            return _reply(cells[0])
        labels = read_labels(cells, "prediction")
        if isinstance(labels, Unread):
            return "neutral" if labels.so == "empty" else labels
        words = parse_labels(labels if isinstance(labels, str) else list(labels), "robust")
        side = sentiment_of(words, EmotionVocabulary.own())
        return side or Unread("labels without a known valence, scored as negative", "empty")

    def truth(self, sample: Sample, annotation: str) -> Truth:
        """The gold value, any real number; its sign is what counts."""
        value = sample.annotations.get(annotation)
        if not isinstance(value, (int, float)) or not np.isfinite(value):
            raise DataError(
                f"the item {sample.id} has the {annotation} {value!r}, which is no number."
            )
        return Truth(numbers={"sentiment": float(value)})

    def gold_of(self, truth: Truth) -> float:
        """The gold value."""
        return truth.numbers["sentiment"]

    def answer_of(self, prediction: Prediction, *, shown: bool) -> Reply:
        """The label as a reply; "" where there is none to show."""
        return (prediction.shown if shown else prediction.leaning) or ""

    def measure(self, gold: Sequence[float], predicted: Sequence[Reply]) -> ItemScores:
        """Weighted F1 and accuracy."""
        clips = [str(n) for n in range(len(gold))]
        score = sentiment_weighted_f1(
            dict(zip(clips, gold, strict=True)), dict(zip(clips, predicted, strict=True))
        )
        counting = np.array([value != 0 for value in gold], dtype=bool)
        answers = [sentiment_value(r) if isinstance(r, str) else r for r in predicted]
        truth = [_SIDES[value > 0] for value in gold]
        codes = answer_codes(truth, [_SIDES[value > 0] for value in answers], _SIDES)

        def again(items: Indices) -> Values:
            counts = counted(codes[items[counting[items]]], len(_SIDES))
            return {
                ("metrics", "weighted_f1"): weighted_f1(counts),
                ("metrics", "accuracy"): accuracy(counts),
            }

        values: Values = {("metrics", n): getattr(score, n) for n in ("weighted_f1", "accuracy")}
        skipped = {**score.skipped, "neutral answer, scored as negative": score.neutral}
        rule = {} if self.labels_by is None else {"labels_read_by": RULE}
        return ItemScores(
            values,
            again,
            skipped,
            {"scored": score.n, **rule},
            charts=lambda groups: label_charts(_SIDES, codes, groups),
        )

    def constants(self, gold: Sequence[float]) -> Mapping[str, Reply]:
        """The commoner side, and each."""
        positive = sum(value > 0 for value in gold)
        majority = "positive" if positive >= sum(value < 0 for value in gold) else "negative"
        return {"majority": majority, "all positive": "positive", "all negative": "negative"}


def _reply(cell: Cell) -> Reply | Unread:
    if without_value(cell):
        return Unread("prediction without a sentiment, scored as negative", "empty")
    value = as_number(cell)
    if value is None and cell not in (*_SIDES, "neutral"):
        return Unread("sentiment that is no known word, scored as negative", "empty")
    return str(cell) if value is None else value
