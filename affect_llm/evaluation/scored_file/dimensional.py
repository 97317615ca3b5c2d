"""Valence, arousal, dominance as numbers: concordance, correlation, error."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.evaluation.scored_file.table import Cell, Table, without_value
from affect_llm.evaluation.scored_file.task import Column, Index, Measured, Unread, Values
from affect_llm.metrics.concordance import concordance_correlation
from affect_llm.metrics.correlation import pearson
from affect_llm.metrics.prediction_error import mean_absolute_error, root_mean_squared_error

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
class Dimensional:
    """Regression onto the dimensions that both files have."""

    dimensions: tuple[str, ...] = tuple(DIMENSIONS)

    name = "dimensional"
    empty = None

    @property
    def gold_columns(self) -> tuple[Column, ...]:
        """A column for each dimension."""
        return tuple(Column(DIMENSIONS[d], d) for d in self.dimensions)

    @property
    def predicted_columns(self) -> tuple[Column, ...]:
        """A column for each dimension."""
        return self.gold_columns

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """With the dimensions that both files have.

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

    def measure(self, gold: Sequence[Point], predicted: Sequence[Point]) -> Measured:
        """CCC, Pearson's r, MAE and RMSE of each dimension, and their means over dimensions."""
        shape = (-1, len(self.dimensions))
        truth, guess = np.array(gold).reshape(shape), np.array(predicted).reshape(shape)

        def again(items: Index) -> Values:
            found: Values = {}
            for k, dimension in enumerate(self.dimensions):
                for name, metric in NUMBER_METRICS.items():
                    found["metrics", dimension, name] = metric(truth[items, k], guess[items, k])
            return found | _means(found)

        return Measured(again(np.arange(len(truth))), again)

    def constants(self, gold: Sequence[Point]) -> Mapping[str, Point]:
        """The gold mean, which has the least squared error of all constants."""
        mean = tuple(float(x) for x in np.mean(np.array(gold), axis=0))
        return {"gold mean": mean}


def _means(found: Values) -> Values:
    """Of each metric over the dimensions; None where one of them is undefined."""
    means: Values = {}
    for name in NUMBER_METRICS:
        values = [value for key, value in found.items() if key[-1] == name]
        defined = [value for value in values if value is not None]
        whole = len(defined) == len(values)
        means["averages", name] = sum(defined) / len(defined) if whole and defined else None
    return means


def _point(cells: Sequence[Cell], missing: str) -> Point | Unread:
    if any(without_value(cell) for cell in cells):
        return Unread(missing, "missing")
    try:
        point = tuple(float(str(cell)) for cell in cells)
    except ValueError:
        return Unread("cell that is no number", "missing")
    return point if all(np.isfinite(point)) else Unread(missing, "missing")
