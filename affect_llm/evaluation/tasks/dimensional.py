"""Valence, arousal, dominance as numbers: concordance, correlation, error."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.tables.table import Cell, Table, without_value
from affect_llm.evaluation.tasks.task import ColumnNames, ItemScores, SuiteTask, Unread
from affect_llm.metrics.averages import mean_defined
from affect_llm.metrics.concordance import concordance_correlation, pearson
from affect_llm.metrics.prediction_error import mean_absolute_error, root_mean_squared_error
from affect_llm.metrics.resamples import Indices
from affect_llm.types import Sample

Floats = NDArray[np.float64]
Point = tuple[float, ...]
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "valence": ("valence", "val", "v"),
    "arousal": ("arousal", "aro", "a"),
    "dominance": ("dominance", "dom", "d"),
}
NUMBER_METRICS: Mapping[str, Callable[[Floats, Floats], float | None]] = {
    "ccc": concordance_correlation,
    "pearson": pearson,
    "mae": mean_absolute_error,
    "rmse": root_mean_squared_error,
}


@dataclass(frozen=True, slots=True)
class DimensionalTask(SuiteTask[Point, Point]):
    """Regression onto the dimensions that both sides have.

    An answer of the product without a number (unparsed, no evidence) is left out and counted,
    since no number could stand for it; so a score with many of these is a score of the rest.

    Args:
        dimensions: in the order of a point.
        ranges: of a suite's annotations, each with its lowest and highest value; gold is brought
            to the product's scale, -1 to 1, by them.
    """

    dimensions: tuple[str, ...] = tuple(DIMENSIONS)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    name = "dimensional"

    @property
    def gold_columns(self) -> tuple[ColumnNames, ...]:
        """A column for each dimension."""
        return tuple(ColumnNames(DIMENSIONS[d], d) for d in self.dimensions)

    @property
    def predicted_columns(self) -> tuple[ColumnNames, ...]:
        """A column for each dimension."""
        return self.gold_columns

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The task with the dimensions that both files have.

        Raises:
            DataError: they share none.
        """
        tables = (gold, predicted)
        shared = tuple(
            d for d in self.dimensions if all(t.find(DIMENSIONS[d]) is not None for t in tables)
        )
        if not shared:
            raise DataError(
                f"{gold.path} and {predicted.path} share no column of {', '.join(DIMENSIONS)}; "
                f"the gold file has {', '.join(gold.columns)}, the predictions have "
                f"{', '.join(predicted.columns)}."
            )
        return replace(self, dimensions=shared)

    def read_gold(self, cells: Sequence[Cell]) -> Point | Unread:
        """One number per dimension; a row without all of them is left out."""
        return _point(cells, "gold value missing, NaN or infinite, left out")

    def read_predicted(self, cells: Sequence[Cell]) -> Point | Unread:
        """One number per dimension."""
        return _point(cells, "predicted value missing, NaN or infinite")

    def truth(self, sample: Sample, annotation: str) -> Truth:
        """The item's values, -1 to 1; `annotation` is not read."""
        numbers = {}
        for name, (low, high) in self.ranges.items():
            value = sample.annotations.get(name)
            if not isinstance(value, (int, float)) or not low <= value <= high:
                raise DataError(
                    f"the item {sample.id} has the {name} {value!r}, which is not between "
                    f"{low:g} and {high:g}."
                )
            numbers[name] = 2 * (value - low) / (high - low) - 1
        return Truth(numbers=numbers)

    def gold_of(self, truth: Truth) -> Point:
        """The values in order."""
        return tuple(truth.numbers[name] for name in self.dimensions)

    def answer_of(self, prediction: Prediction, *, shown: bool) -> Point:
        """The product's numbers, NaN where it has none; they do not depend on the verdict."""
        numbers = {"valence": prediction.valence, "arousal": prediction.arousal}
        values = (numbers[name] for name in self.dimensions)
        return tuple(np.nan if value is None else value for value in values)

    def measure(self, gold: Sequence[Point], predicted: Sequence[Point]) -> ItemScores:
        """CCC, Pearson's r, MAE and RMSE of each dimension, and their means over dimensions."""
        shape = (-1, len(self.dimensions))
        truth, guess = np.array(gold).reshape(shape), np.array(predicted).reshape(shape)
        known = ~np.isnan(guess).any(axis=1)

        def again(items: Indices) -> Values:
            rows = items[known[items]]
            values: Values = {
                ("metrics", dimension, name): metric(truth[rows, k], guess[rows, k])
                for k, dimension in enumerate(self.dimensions)
                for name, metric in NUMBER_METRICS.items()
            }
            for name in NUMBER_METRICS:
                parts = [values["metrics", dimension, name] for dimension in self.dimensions]
                values["averages", name] = None if None in parts else mean_defined(parts)
            return values

        lost = int((~known).sum())
        return ItemScores(again(np.arange(len(truth))), again, {"without a number": lost})

    def constants(self, gold: Sequence[Point]) -> Mapping[str, Point]:
        """The gold mean, which has the least squared error of all constants."""
        return {"gold mean": tuple(float(x) for x in np.mean(np.array(gold), axis=0))}


def _point(cells: Sequence[Cell], missing: str) -> Point | Unread:
    if any(without_value(cell) for cell in cells):
        return Unread(missing, "missing")
    try:
        point = tuple(float(str(cell)) for cell in cells)
    except ValueError:
        return Unread("cell that is no number", "missing")
    return point if all(np.isfinite(point)) else Unread(missing, "missing")
