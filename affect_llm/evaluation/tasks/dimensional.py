"""Valence and arousal as numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from affect_llm.errors import DataError
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.suite import Suite
from affect_llm.evaluation.tasks.task_scores import Again, Constant, Index, Values
from affect_llm.metrics.concordance import concordance_correlation
from affect_llm.metrics.correlation import pearson
from affect_llm.metrics.prediction_error import mean_absolute_error
from affect_llm.metrics.rows import Floats
from affect_llm.types import Sample

METRICS: dict[str, Callable[[Floats, Floats], float | None]] = {
    "ccc": concordance_correlation,
    "pearson": pearson,
    "mae": mean_absolute_error,
}


@dataclass(frozen=True, slots=True)
class DimensionalScores:
    """CCC, Pearson's r and mean absolute error, each averaged over `dimensions`.

    Gold values are brought to the product's scale, -1 to 1, by their range alone. An item without
    a number of the product (unparsed, no evidence) is left out and counted, since no number could
    stand for it; so a score with many of these is a score of the rest.
    """

    dimensions: Mapping[str, tuple[float, float]]

    def truth(self, sample: Sample, suite: Suite) -> Truth:
        """The item's values, -1 to 1."""
        numbers = {}
        for name, (low, high) in self.dimensions.items():
            value = sample.annotations.get(name)
            if not isinstance(value, (int, float)) or not low <= value <= high:
                raise DataError(
                    f"{suite.name}: the item {sample.id} has the {name} {value!r}, which is not "
                    f"between {low:g} and {high:g}."
                )
            numbers[name] = 2 * (value - low) / (high - low) - 1
        return Truth(numbers=numbers)

    def values(
        self, predictions: Sequence[Prediction], names: Sequence[str], *, shown: bool
    ) -> Again:
        """The metrics `names` over the items that have numbers."""
        axes = tuple(self.dimensions)
        gold = np.array([[p.truth.numbers[axis] for axis in axes] for p in predictions])
        given = np.array([[_number(p, axis) for axis in axes] for p in predictions])
        known = ~np.isnan(given).any(axis=1)

        def again(index: Index) -> Values:
            rows = index[known[index]]
            pairs = [(gold[rows, k], given[rows, k]) for k in range(len(axes))]
            return {name: _mean([METRICS[name](*pair) for pair in pairs]) for name in names}

        return again

    def skipped(self, predictions: Sequence[Prediction]) -> dict[str, int]:
        """Items without a number."""
        lost = sum(np.isnan(_number(p, n)) for p in predictions for n in list(self.dimensions)[:1])
        return {"without a number": int(lost)} if lost else {}

    def constants(self, training: Sequence[Sample], suite: Suite) -> Mapping[str, Constant]:
        """The mean of the training part."""
        truths = [self.truth(sample, suite).numbers for sample in training]
        means = {n: float(np.mean([t[n] for t in truths])) for n in self.dimensions if truths}
        return {"training_mean": means}


def _number(prediction: Prediction, name: str) -> float:
    value = {"valence": prediction.valence, "arousal": prediction.arousal}[name]
    return float("nan") if value is None else value


def _mean(values: Sequence[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return sum(defined) / len(defined) if defined and len(defined) == len(values) else None


def dimensional_scores(suite: Suite) -> DimensionalScores:
    """Scores over the suite's dimensions."""
    return DimensionalScores(suite.dimensions)
