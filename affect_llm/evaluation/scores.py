"""Scores items by a task: every number with its interval, trivial answers beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from affect_llm.evaluation.intervals import SEED, Values, draws_for, intervals
from affect_llm.evaluation.pairs import Pairs, paired
from affect_llm.evaluation.reference import Reference
from affect_llm.evaluation.score_report import (
    BaselineNumbers,
    Resampling,
    ScoreReport,
    Scores,
    Spans,
    nested,
)
from affect_llm.evaluation.tables.alignment import Policy
from affect_llm.evaluation.tables.problems import RowFinding
from affect_llm.evaluation.tables.table import Table
from affect_llm.evaluation.tasks.task import AnyTask, ItemScores
from affect_llm.metrics.averages import mean_defined
from affect_llm.metrics.resamples import Groups, grouped

SHUFFLED = "shuffled predictions"
SHUFFLES = 10
"""Deals of the answers: their mean moves by a third of what a single deal does."""
MOST_SHUFFLED = 20_000
"""Items of a shuffle at most; more tell nothing new."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What baselines know beside the items that are scored.

    Args:
        gold: of a training part, for the answers that are learned; None: of the items themselves.
        answers: name → an answer to each item, by something that was trained elsewhere.
    """

    gold: Sequence[Any] | None = None
    answers: Mapping[str, Sequence[Any]] = field(default_factory=dict)


def score_tables(
    task: AnyTask,
    gold: Table,
    predicted: Table,
    policy: Policy,
    references: tuple[Reference, ...] = (),
) -> ScoreReport:
    """Every metric of `task` on two tables, with clustered intervals and trivial baselines.

    Raises:
        AffectError: the files do not fit the task or one another.
    """
    task, pairs = paired(task, gold, predicted, policy)
    return ScoreReport(
        **dict(score_pairs(task, pairs)),
        task=task.name,
        gold=str(gold.path),
        predictions=str(predicted.path),
        references=references,
    )


def score_pairs(task: AnyTask, pairs: Pairs, learned: Learned | None = None) -> Scores:
    """Every metric of paired items, with clustered intervals and trivial baselines.

    Raises:
        AffectError: the metrics are not defined on such items.
    """
    measured = task.measure(pairs.gold, pairs.predicted)
    groups, draws = grouped(pairs.groups), draws_for(len(pairs.ids))
    counted = (RowFinding(reason=why, count=n) for why, n in measured.skipped.items() if n)
    findings = (*pairs.findings, *counted)
    return Scores(
        **nested(measured.values),
        skipped={finding.reason: finding.count for finding in findings},
        n=len(pairs.ids),
        intervals=_spans(measured, groups, draws),
        resampling=Resampling(groups=pairs.grouped_by, count=len(groups.size), draws=draws),
        baselines=_baselines(task, pairs, learned or Learned(), groups, costly=measured.costly),
        findings=findings,
        extra=dict(measured.extra),
        charts=measured.charts(groups),
    )


def _spans(measured: ItemScores, groups: Groups, draws: int) -> Spans:
    spans = intervals(measured.again, groups, draws)
    return Spans.model_validate(nested({name: spans.get(name) for name in measured.values}))


def _baselines(
    task: AnyTask, pairs: Pairs, learned: Learned, groups: Groups, *, costly: bool
) -> dict[str, BaselineNumbers]:
    """The trivial answers by name; where scoring costs model calls, one shuffle alone."""
    if costly:
        return {SHUFFLED: _baseline(_shuffled(task, pairs, 1))}
    n = len(pairs.ids)
    constants = task.constants(pairs.gold if learned.gold is None else learned.gold)
    answers = {name: [answer] * n for name, answer in constants.items()} | dict(learned.answers)
    baselines: dict[str, BaselineNumbers] = {}
    for name, given in answers.items():
        measured = task.measure(pairs.gold, given)
        spans = _spans(measured, groups, draws_for(n))
        baselines[name] = _baseline(measured.values, spans)
    if chance := task.chance():
        baselines["chance"] = _baseline(chance)
    return {**baselines, SHUFFLED: _baseline(_shuffled(task, pairs, SHUFFLES))}


def _baseline(values: Values, spans: Spans | None = None) -> BaselineNumbers:
    return BaselineNumbers.model_validate({**nested(values), "intervals": spans})


def _shuffled(task: AnyTask, pairs: Pairs, times: int) -> Values:
    """Mean over several deals of the predictions to other items, where it is defined."""
    rng, n, deals = np.random.default_rng(SEED), len(pairs.ids), []
    for _ in range(times):
        gold = [pairs.gold[i] for i in rng.permutation(n)[:MOST_SHUFFLED]]
        dealt = [pairs.predicted[i] for i in rng.permutation(n)[:MOST_SHUFFLED]]
        deals.append(task.measure(gold, dealt).values)
    return {name: mean_defined([values.get(name) for values in deals]) for name in deals[0]}
