"""What scoring found, as it is printed and stored: of a file, and of a suite's answers."""

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import Field

from affect_llm.evaluation.charts import Charts
from affect_llm.evaluation.intervals import Interval, Name, Values
from affect_llm.evaluation.reference import Reference
from affect_llm.evaluation.tables.problems import RowFinding
from affect_llm.types import Model

SCORE_SCHEMA: Literal["affect-llm/score@1"] = "affect-llm/score@1"
T = TypeVar("T")
Number = float | None
NestedNumbers = dict[str, Number | dict[str, Number]]


class Spans(Model):
    """95 % intervals by the names of their numbers; None where there is none."""

    metrics: dict[str, Interval | dict[str, Interval | None] | None]
    averages: dict[str, Interval | None]


class Numbers(Model):
    """A metric's value, or its parts' values, by its name; None where it is not defined."""

    metrics: NestedNumbers
    averages: dict[str, Number]


class BaselineNumbers(Numbers):
    """The numbers of a trivial answer; `intervals` is None where they are means of shuffles."""

    intervals: Spans | None = None


class Resampling(Model):
    """How the intervals were made: whole groups drawn `draws` times.

    Args:
        groups: the column that they come from; "item" where every item is its own.
    """

    groups: str
    count: int
    draws: int


class Scores(Numbers):
    """Every number of n items, what it is read against, and what was left out.

    Args:
        skipped: reason → how many rows or words; `findings` says which.
        n: items that were scored.
        baselines: trivial answers to the same items, scored in the same way.
        extra: further parts that only some tasks have (coverage of words, calibration …).
    """

    skipped: dict[str, int]
    n: int
    intervals: Spans
    resampling: Resampling
    baselines: dict[str, BaselineNumbers]
    findings: tuple[RowFinding, ...] = ()
    extra: dict[str, object] = Field(default_factory=dict)
    charts: Charts = Charts()


class ScoreReport(Scores):
    """The scores of one file."""

    schema_version: Literal["affect-llm/score@1"] = SCORE_SCHEMA
    task: str
    gold: str
    predictions: str
    references: tuple[Reference, ...] = ()


def nested(values: Mapping[Name, object]) -> dict[str, dict[str, Any]]:
    """Values as a tree with one level for each word of their names."""
    tree: dict[str, dict[str, Any]] = {"metrics": {}, "averages": {}}
    for (place, name, *part), value in values.items():
        if part:
            tree[place].setdefault(name, {})[part[0]] = value
        else:
            tree[place][name] = value
    return tree


def values_of(numbers: Numbers) -> Values:
    """The values by their names; averages first."""
    return _leaves(numbers.averages, numbers.metrics)


def spans_of(spans: Spans | None) -> dict[Name, Interval | None]:
    """The intervals by the names of their numbers; none where none were made."""
    return {} if spans is None else _leaves(spans.averages, spans.metrics)


def _leaves(averages: Mapping[str, T], metrics: Mapping[str, T | dict[str, T]]) -> dict[Name, T]:
    leaves: dict[Name, T] = {("averages", name): value for name, value in averages.items()}
    for name, value in metrics.items():
        if isinstance(value, dict):
            leaves |= {("metrics", name, part): inner for part, inner in value.items()}
        else:
            leaves["metrics", name] = value
    return leaves
