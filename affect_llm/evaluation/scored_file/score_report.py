"""What scoring a file found, as it is printed and stored."""

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from affect_llm.evaluation.scored_file.charts import Charts, Interval
from affect_llm.evaluation.scored_file.problems import Finding
from affect_llm.evaluation.scored_file.task import Name
from affect_llm.evaluation.suite import Reference
from affect_llm.types import Model

SCORE_SCHEMA: Literal["affect-llm/score@1"] = "affect-llm/score@1"
Number = float | None
Metrics = dict[str, Number | dict[str, Number]]


class Numbers(Model):
    """A metric's value, or its parts' values, by its name; None where it is not defined."""

    metrics: Metrics
    averages: dict[str, Number]


class Spans(Model):
    """95 % intervals of what `Numbers` holds; None where there is none."""

    metrics: dict[str, Interval | dict[str, Interval | None] | None]
    averages: dict[str, Interval | None]


class Resampling(Model):
    """How the intervals were made: whole groups drawn `draws` times.

    Args:
        groups: the column that they come from; "item" where every item is its own.
    """

    groups: str
    count: int
    draws: int


class ScoreReport(Model):
    """One file's score.

    Args:
        skipped: reason → how many rows or words; `findings` says which.
        n: items that were scored.
        baselines: trivial answers to the same items, scored in the same way.
        extra: further parts that only some tasks have (coverage of words, kept clips …).
    """

    schema_version: Literal["affect-llm/score@1"] = SCORE_SCHEMA
    task: str
    gold: str
    predictions: str
    metrics: Metrics
    averages: dict[str, Number]
    skipped: dict[str, int]
    n: int
    intervals: Spans
    resampling: Resampling
    baselines: dict[str, Numbers]
    findings: tuple[Finding, ...] = ()
    extra: dict[str, object] = Field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    charts: Charts = Charts()


def nested(values: Mapping[Name, object], part: str) -> dict[str, object]:
    """The values below `part`, with one level for each further word of their names."""
    found: dict[str, object] = {}
    for name, value in values.items():
        if name[0] == part:
            put(found, name[1:], value)
    return found


def put(tree: dict[str, object], path: Iterable[str], value: object) -> None:
    """Set a value deep in a tree of dictionaries."""
    first, *rest = path
    if not rest:
        tree[first] = value
        return
    branch = tree.setdefault(first, {})
    assert isinstance(branch, dict), f"{first} is both a number and a group of numbers"
    put(branch, rest, value)
