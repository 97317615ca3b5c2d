"""What a task is: which columns it reads, what their cells mean, and its metrics."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.scored_file.charts import Charts
from affect_llm.evaluation.scored_file.table import Cell, Table
from affect_llm.metrics.resamples import Groups

Index = NDArray[np.intp]
Name = tuple[str, ...]
"""Where a number stands in the report: ("metrics", "M1", "f1"), ("averages", "unibench")."""
Values = dict[Name, float | None]
G = TypeVar("G")
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a task reads, by any of these names, the best known first."""

    names: tuple[str, ...]
    purpose: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell without usable content.

    Args:
        reason: as a noun phrase for the report.
        so: "fatal": the file must be mended first; "missing": the row counts as not being there;
            "empty": it is scored as an empty answer (in the gold: as no label).
    """

    reason: str
    so: Literal["fatal", "missing", "empty"]


@dataclass(frozen=True, slots=True)
class Measured:
    """Metrics of n items, and a way to have them again of items drawn from those.

    Args:
        values: every number of the report; None where it is not defined.
        again: indices into the n items, repeats allowed → the same names.
        skipped: reason → items or words that count nowhere in the values.
        extra: further parts of the report, JSON values.
        costly: measuring again asks a model again, so baselines are few.
        charts: makes what can be drawn; costs time.
    """

    values: Values
    again: Callable[[Index], Values]
    skipped: Mapping[str, int] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)
    costly: bool = False
    charts: Callable[[Groups], Charts] = lambda groups: Charts()


class Task(Protocol[G, P]):
    """One way of scoring; G is what a gold row says, P what a prediction says."""

    @property
    def name(self) -> str:
        """As on the command line."""
        ...

    @property
    def gold_columns(self) -> tuple[Column, ...]:
        """What is read of a gold row."""
        ...

    @property
    def predicted_columns(self) -> tuple[Column, ...]:
        """What is read of a prediction's row."""
        ...

    @property
    def empty(self) -> P | None:
        """What a missing prediction may count as; None where nothing can stand for it."""
        ...

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The task for these files: which columns they have, which labels occur.

        Raises:
            DataError: the files cannot be scored by this task.
        """
        ...

    def read_gold(self, cells: Sequence[Cell]) -> G | Unread:
        """What the cells of `gold_columns` in one row say."""
        ...

    def read_predicted(self, cells: Sequence[Cell]) -> P | Unread:
        """What the cells of `predicted_columns` in one row say."""
        ...

    def measure(self, gold: Sequence[G], predicted: Sequence[P]) -> Measured:
        """Every metric of paired items.

        Raises:
            AffectError: the metrics are not defined on such items at all.
        """
        ...

    def constants(self, gold: Sequence[G]) -> Mapping[str, P]:
        """Name → an answer to give to every item, as a trivial baseline."""
        ...
