"""Flags of `affect-llm eval` become tasks, gold tables and ways of reading."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from affect_llm.errors import ConfigError
from affect_llm.evaluation.scored_file.matching import Duplicates, Missing, Policy
from affect_llm.evaluation.scored_file.score import Reading, read_gold
from affect_llm.evaluation.scored_file.tasks import TASKS, TaskOptions, build_task

if TYPE_CHECKING:
    from affect_llm.evaluation.scored_file.table import Table
    from affect_llm.evaluation.scored_file.task import Task
    from affect_llm.evaluation.suite import Reference


@dataclass(frozen=True, slots=True)
class Against:
    """What predictions are to be held against: a gold file and a task, or a suite's data."""

    gold: Path | None
    task: str | None
    suite: str | None
    data: Path | None
    split: str | None


@dataclass(frozen=True, slots=True)
class Truth:
    """The task, the gold table, and others' numbers for the same."""

    task: "Task[Any, Any]"
    table: "Table"
    references: "tuple[Reference, ...]" = ()


def task_options(vocabulary: str, vocabulary_dir: Path | None, labels: str | None) -> TaskOptions:
    """What tasks are told.

    Raises:
        AffectError: an unknown vocabulary, or an official one without its folder.
    """
    return TaskOptions(vocabulary=vocabulary, vocabulary_dir=vocabulary_dir, labels=labels)


def reading_of(missing: str, duplicates: str, id_column: str | None, groups: str | None) -> Reading:
    """How files are read.

    Raises:
        ConfigError: an unknown policy.
    """
    for flag, given, known in (
        ("--missing", missing, get_args(Missing)),
        ("--duplicates", duplicates, get_args(Duplicates)),
    ):
        if given not in known:
            raise ConfigError(f"{flag} is '{given}'; choose from {', '.join(known)}.")
    policy = Policy(missing=missing, duplicates=duplicates)  # type: ignore[arg-type]
    return Reading(policy=policy, id_column=id_column, group_column=groups)


def against(wanted: Against, options: TaskOptions) -> Truth:
    """Task and gold.

    Raises:
        AffectError: flags that do not go together, or a gold file that cannot be read.
    """
    if wanted.suite is not None:
        return _suite_truth(wanted, options)
    if wanted.gold is None or wanted.task is None:
        raise ConfigError(
            "Give --gold FILE and --task NAME, or --suite NAME with --data DIR. Tasks: "
            f"{', '.join(TASKS)}."
        )
    task = build_task(wanted.task, options)
    return Truth(task, read_gold(wanted.gold, task))


def _suite_truth(wanted: Against, options: TaskOptions) -> Truth:
    raise NotImplementedError
