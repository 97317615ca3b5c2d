"""Flags of `affect-llm eval` become tasks, gold tables and ways of reading."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from affect_llm.errors import ConfigError
from affect_llm.evaluation.reference import Reference, published_scores
from affect_llm.evaluation.suites.suite import load_suite
from affect_llm.evaluation.suites.suite_task import suite_gold
from affect_llm.evaluation.tables.alignment import Duplicates, Missing, Policy
from affect_llm.evaluation.tables.reader import read_file
from affect_llm.evaluation.tables.table import Table
from affect_llm.evaluation.tasks.registry import TASKS, TaskOptions, build_task
from affect_llm.evaluation.tasks.task import AnyTask


@dataclass(frozen=True, slots=True)
class GoldOptions:
    """What predictions are to be held against: a gold file and a task, or a suite's data."""

    gold: Path | None
    task: str | None
    suite: str | None = None
    data: Path | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class GoldTable:
    """The task, the gold table, and others' numbers for the same."""

    task: AnyTask
    table: Table
    references: tuple[Reference, ...] = ()


def policy_of(missing: str, duplicates: str, id_column: str | None, groups: str | None) -> Policy:
    """How rows are brought together.

    Raises:
        ConfigError: an unknown policy.
    """
    for flag, given, known in (
        ("--missing", missing, get_args(Missing)),
        ("--duplicates", duplicates, get_args(Duplicates)),
    ):
        if given not in known:
            raise ConfigError(f"{flag} is '{given}'; choose from {', '.join(known)}.")
    return Policy(missing, duplicates, id_column, groups)  # type: ignore[arg-type]


def gold_table(wanted: GoldOptions, options: TaskOptions) -> GoldTable:
    """Task and gold.

    Raises:
        AffectError: flags that do not go together, or a gold file that cannot be read.
    """
    if wanted.suite is not None:
        return _of_suite(wanted.suite, wanted, options)
    if wanted.gold is None or wanted.task is None:
        raise ConfigError(
            "Give --gold FILE and --task NAME, or --suite NAME with --data DIR. Tasks: "
            f"{', '.join(TASKS)}."
        )
    task = build_task(wanted.task, options)
    table = read_file(wanted.gold, "gold file", task.column_names())
    return GoldTable(task, table, published_scores() if wanted.task == "emer" else ())


def _of_suite(name: str, wanted: GoldOptions, options: TaskOptions) -> GoldTable:
    suite = load_suite(name)
    if wanted.data is None or wanted.gold is not None:
        raise ConfigError(f"--suite {suite.name} takes its gold from --data DIR, not from --gold.")
    if wanted.task not in (None, suite.task):
        raise ConfigError(f"The suite {suite.name} is a {suite.task} task, not {wanted.task}.")
    if suite.task in ("closed-set", "multi-label") and options.labels is None:
        options = replace(options, labels=suite.labels)
    task = build_task(suite.task, options)
    table = suite_gold(suite, wanted.data, results_folder(), wanted.split)
    return GoldTable(task, table, suite.references)


def results_folder() -> Path:
    """Where answers and unpacked pictures are kept if nobody says where."""
    from affect_llm.files import user_cache

    return user_cache("eval")
