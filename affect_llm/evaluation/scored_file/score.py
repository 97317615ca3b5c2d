"""Scores a file of predictions: the report with intervals, baselines and everything left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affect_llm.evaluation.scored_file.alignment import ID_COLUMNS, Policy
from affect_llm.evaluation.scored_file.intervals import draws_for, intervals, shuffles
from affect_llm.evaluation.scored_file.pairs import Pairs, pair
from affect_llm.evaluation.scored_file.problems import Finding, finding
from affect_llm.evaluation.scored_file.reader import read_file
from affect_llm.evaluation.scored_file.score_report import (
    Numbers,
    Resampling,
    ScoreReport,
    Spans,
    nested,
)
from affect_llm.evaluation.scored_file.table import Table
from affect_llm.evaluation.scored_file.task import Name, Task, Values
from affect_llm.evaluation.suite import Reference
from affect_llm.metrics.resamples import grouped

SHUFFLED = "shuffled predictions"
SHUFFLES = 10
MOST_SHUFFLED = 20_000
"""Items of a shuffle at most; more tell nothing new."""
AnyTask = Task[Any, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the files are to be read.

    Args:
        id_column: of both files; None for the names that are usual.
        group_column: what intervals are clustered by; None for the names that are usual.
    """

    policy: Policy
    id_column: str | None = None
    group_column: str | None = None


def read_predictions(path: Path, task: AnyTask) -> Table:
    """The table of a file of predictions.

    Raises:
        DataError: it is no such file.
    """
    return read_file(path, "file of predictions", _wanted(task))


def read_gold(path: Path, task: AnyTask) -> Table:
    """The table of a gold file.

    Raises:
        DataError: it is no such file.
    """
    return read_file(path, "gold file", _wanted(task))


def paired(task: AnyTask, gold: Table, predicted: Table, reading: Reading) -> tuple[AnyTask, Pairs]:
    """The task as it is for these files, and the items to compare.

    Raises:
        AffectError: the files do not fit the task or one another.
    """
    task = task.prepared(gold, predicted)
    pairs = pair(
        task,
        gold,
        predicted,
        policy=reading.policy,
        id_column=reading.id_column,
        group_column=reading.group_column,
    )
    return task, pairs


def score(
    task: AnyTask,
    gold: Table,
    predicted: Table,
    reading: Reading,
    references: tuple[Reference, ...] = (),
) -> ScoreReport:
    """Every metric of `task`, with clustered intervals and trivial baselines.

    Raises:
        AffectError: the files do not fit the task or one another.
    """
    task, pairs = paired(task, gold, predicted, reading)
    measured = task.measure(pairs.gold, pairs.predicted)
    groups, draws = grouped(pairs.groups), draws_for(len(pairs.ids))
    spans = intervals(measured.again, groups, draws)
    metrics = numbers(measured.values)
    findings = (*pairs.findings, *_counted(measured.skipped))
    return ScoreReport(
        task=task.name,
        gold=str(gold.path),
        predictions=str(predicted.path),
        metrics=metrics.metrics,
        averages=metrics.averages,
        skipped={f.reason: f.count for f in findings},
        n=len(pairs.ids),
        intervals=Spans.model_validate(
            {part: nested(_for_all(measured.values, spans), part) for part in _PARTS}
        ),
        resampling=Resampling(groups=pairs.grouped_by, count=len(groups.size), draws=draws),
        baselines=_baselines(task, pairs, costly=measured.costly),
        findings=findings,
        extra=dict(measured.extra),
        references=references,
        charts=measured.charts(groups),
    )


_PARTS = ("metrics", "averages")


def numbers(values: Values) -> Numbers:
    """Values with their names as levels."""
    return Numbers.model_validate({part: nested(values, part) for part in _PARTS})


def _for_all(values: Values, spans: Mapping[Name, object]) -> Mapping[Name, object]:
    return {name: spans.get(name) for name in values}


def _counted(skipped: Mapping[str, int]) -> list[Finding]:
    return [
        finding(reason, ()).model_copy(update={"count": count})
        for reason, count in skipped.items()
        if count
    ]


def _baselines(task: AnyTask, pairs: Pairs, *, costly: bool) -> dict[str, Numbers]:
    n = len(pairs.ids)
    if costly:
        return {SHUFFLED: numbers(_shuffled(task, pairs, 1))}
    found = {
        name: numbers(task.measure(pairs.gold, [answer] * n).values)
        for name, answer in task.constants(pairs.gold).items()
    }
    return {**found, SHUFFLED: numbers(_shuffled(task, pairs, SHUFFLES))}


def _shuffled(task: AnyTask, pairs: Pairs, times: int) -> Values:
    """Mean over several deals of the predictions to other items, where it is defined."""
    deals = [
        task.measure([pairs.gold[i] for i in items], [pairs.predicted[i] for i in others]).values
        for items, others in shuffles(len(pairs.ids), times, MOST_SHUFFLED)
    ]
    return {name: _mean([values.get(name) for values in deals]) for name in deals[0]}


def _mean(values: Sequence[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return sum(defined) / len(defined) if defined else None


def _wanted(task: AnyTask) -> set[str]:
    columns = (*task.gold_columns, *task.predicted_columns)
    return {*ID_COLUMNS, *(name for column in columns for name in column.names)}
