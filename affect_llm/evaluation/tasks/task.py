"""What a task is: what it reads of cells, samples and answers, and its metrics."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

from affect_llm.evaluation.charts import Charts
from affect_llm.evaluation.intervals import Again, Values
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.tables.alignment import ID_COLUMNS
from affect_llm.evaluation.tables.table import Cell, Table
from affect_llm.metrics.resamples import Groups
from affect_llm.types import Sample

G = TypeVar("G")
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class ColumnNames:
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
class ItemScores:
    """Metrics of n items, and a way to have them again of items drawn from those.

    Args:
        values: every number of the report; None where it is not defined.
        again: the same names over drawn items.
        skipped: reason → items or words that count nowhere in the values.
        extra: further parts of the report, JSON values.
        costly: measuring again asks a model again, so baselines are few.
        charts: makes what can be drawn; costs time.
    """

    values: Values
    again: Again
    skipped: Mapping[str, int] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)
    costly: bool = False
    charts: Callable[[Groups], Charts] = lambda groups: Charts()


class Task(ABC, Generic[G, P]):
    """One way of scoring; G is what is true of an item, P what was answered.

    A frozen dataclass implements it, so that two tasks can be compared.

    Args:
        name: the task's name on the command line.
        empty: what a missing prediction may count as; None where nothing can stand for it.
    """

    name: ClassVar[str]
    empty: ClassVar[Any] = None

    @property
    @abstractmethod
    def gold_columns(self) -> tuple[ColumnNames, ...]:
        """What is read of a gold row."""

    @property
    @abstractmethod
    def predicted_columns(self) -> tuple[ColumnNames, ...]:
        """What is read of a prediction's row."""

    def column_names(self) -> set[str]:
        """Every name that a column of either side may have, ids among them."""
        columns = (*self.gold_columns, *self.predicted_columns)
        return {*ID_COLUMNS, *(name for column in columns for name in column.names)}

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The task for these files: which columns they have, which labels occur.

        Raises:
            DataError: the files cannot be scored by this task.
        """
        return self

    @abstractmethod
    def read_gold(self, cells: Sequence[Cell]) -> G | Unread:
        """What the cells of `gold_columns` in one row say."""

    @abstractmethod
    def read_predicted(self, cells: Sequence[Cell]) -> P | Unread:
        """What the cells of `predicted_columns` in one row say."""

    @abstractmethod
    def measure(self, gold: Sequence[G], predicted: Sequence[P]) -> ItemScores:
        """Every metric of paired items.

        Raises:
            AffectError: the metrics are not defined on such items at all.
        """

    @abstractmethod
    def constants(self, gold: Sequence[G]) -> Mapping[str, P]:
        """Trivial answer → what it gives to every item, as learned from `gold`."""

    def chance(self) -> Values:
        """The expected values of a uniform guess, where they are simple."""
        return {}


class SuiteTask(Task[G, P]):
    """A task that suites set, too: the product's own answers are read as files are."""

    @abstractmethod
    def truth(self, sample: Sample, annotation: str) -> Truth:
        """What `annotation` says of an item, in the form that logs keep.

        Raises:
            DataError: the sample has no such annotation.
        """

    @abstractmethod
    def gold_of(self, truth: Truth) -> G:
        """The gold in a truth."""

    @abstractmethod
    def answer_of(self, prediction: Prediction, *, shown: bool) -> P:
        """What was answered; what an abstention leans to counts where `shown` is false."""


AnyTask = Task[Any, Any]
AnySuiteTask = SuiteTask[Any, Any]
