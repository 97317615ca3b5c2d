"""Positive or negative, against real-valued sentiment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from affect_llm.errors import DataError
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.suite import Suite
from affect_llm.evaluation.tasks.task_scores import Again, Constant, Index, Values
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.f1 import weighted_f1
from affect_llm.types import Sample

_SIDES = ("negative", "positive")
_METRICS = {"weighted_f1": weighted_f1, "accuracy": accuracy}


@dataclass(frozen=True, slots=True)
class SentimentScores:
    """Weighted F1 and accuracy as MER-UniBench takes them.

    Items with a gold value of 0 are left out and counted. Every answer that is not "positive"
    counts as negative: neutral, mixed and missing ones, too.
    """

    def truth(self, sample: Sample, suite: Suite) -> Truth:
        """The gold value, any real number; its sign is what counts."""
        value = sample.annotations.get(suite.annotation)
        if not isinstance(value, (int, float)) or not np.isfinite(value):
            raise DataError(
                f"{suite.name}: the item {sample.id} has the {suite.annotation} {value!r}, "
                "which is no number."
            )
        return Truth(numbers={"sentiment": float(value)})

    def values(
        self, predictions: Sequence[Prediction], names: Sequence[str], *, shown: bool
    ) -> Again:
        """The metrics `names` over the items that are not neutral."""
        gold = np.array([p.truth.numbers["sentiment"] for p in predictions])
        sides = [_SIDES[int(value > 0)] for value in gold]
        said = [p.shown if shown else p.leaning for p in predictions]
        codes = answer_codes(sides, [_SIDES[int(s == "positive")] for s in said], _SIDES)
        counting = gold != 0

        def again(index: Index) -> Values:
            counts = counted(codes[index[counting[index]]], len(_SIDES))
            return {name: _METRICS[name](counts) for name in names}

        return again

    def skipped(self, predictions: Sequence[Prediction]) -> dict[str, int]:
        """Items whose gold value is 0."""
        neutral = sum(p.truth.numbers["sentiment"] == 0 for p in predictions)
        return {"gold is neutral": neutral} if neutral else {}

    def constants(self, training: Sequence[Sample], suite: Suite) -> Mapping[str, Constant]:
        """Always the same side."""
        return {f"all_{side}": {"label": side} for side in _SIDES}


def sentiment_scores(suite: Suite) -> SentimentScores:
    """The same for every suite."""
    return SentimentScores()
