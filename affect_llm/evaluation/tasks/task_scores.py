"""What every task does, and intervals around it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.scores import SEED, not_answered
from affect_llm.evaluation.suite import Suite
from affect_llm.metrics.bootstrap import UNDEFINED_AT_MOST, central
from affect_llm.metrics.resamples import group_draws, grouped
from affect_llm.types import Sample, Score

DRAWS = 1000
LEVEL = 0.95
Index = NDArray[np.intp]
Values = Mapping[str, float | None]
Again = Callable[[Index], Values]
Constant = Mapping[str, Any]
"""Fields of a `Prediction` that every item is given, as a trivial answer."""


class TaskScores(Protocol):
    """How one task is scored."""

    def truth(self, sample: Sample, suite: Suite) -> Truth:
        """What is true of an item.

        Raises:
            DataError: the sample has no such annotation.
        """
        ...

    def values(
        self, predictions: Sequence[Prediction], names: Sequence[str], *, shown: bool
    ) -> Again:
        """Indices into the predictions, repeats allowed → the metrics `names` of the task.

        What an abstention leans to counts where `shown` is false.
        """
        ...

    def skipped(self, predictions: Sequence[Prediction]) -> dict[str, int]:
        """Items or words that count nowhere in the values, by reason."""
        ...

    def constants(self, training: Sequence[Sample], suite: Suite) -> Mapping[str, Constant]:
        """Baseline → the answer that it gives to every item."""
        ...


def task_scores(
    task: TaskScores,
    names: Sequence[str],
    predictions: Sequence[Prediction],
    *,
    shown: bool = True,
    interval: bool = True,
) -> list[Score]:
    """The metrics `names`, each with its interval clustered by group."""
    again = task.values(predictions, names, shown=shown)
    skipped = {**not_answered(predictions), **task.skipped(predictions)}
    whole = again(np.arange(len(predictions)))
    found = _intervals(again, names, [p.group for p in predictions]) if interval else {}
    return [
        Score(
            name=name,
            value=whole[name],
            n=len(predictions),
            interval=found.get(name),
            skipped=skipped,
        )
        for name in names
    ]


def _intervals(
    again: Again, names: Sequence[str], groups: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """The interval of every metric, all out of the same draws, as `bootstrap_interval` takes it."""
    members = grouped(groups)
    if len(members.size) < 2:
        return {}
    drawn = [again(i) for i in group_draws(members, np.random.default_rng(SEED), DRAWS)]
    columns = {name: [v for values in drawn if (v := values[name]) is not None] for name in names}
    least = (1 - UNDEFINED_AT_MOST) * DRAWS
    return {
        name: central(column, LEVEL) for name, column in columns.items() if len(column) >= least
    }
