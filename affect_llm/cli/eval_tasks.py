"""Flags of `affect-llm eval` become tasks, gold tables and ways of reading."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from affect_llm.errors import ConfigError
from affect_llm.evaluation.scored_file.alignment import Duplicates, Missing, Policy
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
    return Truth(task, read_gold(wanted.gold, task), _published(wanted.task))


def _suite_truth(wanted: Against, options: TaskOptions) -> Truth:
    from affect_llm.evaluation.scored_file.suite_gold import suite_gold
    from affect_llm.evaluation.suite import load_suite

    suite = load_suite(wanted.suite or "")
    if wanted.data is None or wanted.gold is not None:
        raise ConfigError(f"--suite {suite.name} takes its gold from --data DIR, not from --gold.")
    if wanted.task not in (None, suite.task):
        raise ConfigError(f"The suite {suite.name} is a {suite.task} task, not {wanted.task}.")
    needs_labels = suite.task in ("closed-set", "multi-label") and options.labels is None
    task = build_task(
        suite.task, replace(options, labels=suite.labels) if needs_labels else options
    )
    table = suite_gold(suite, wanted.data, results_folder(), wanted.split)
    return Truth(task, table, suite.references)


def _published(task: str) -> "tuple[Reference, ...]":
    if task != "emer":
        return ()
    from affect_llm.evaluation.scored_file.published import emer_references

    return emer_references()


def results_folder() -> Path:
    """Where answers and unpacked pictures are kept if nobody says where."""
    from platformdirs import user_cache_path

    return user_cache_path("affect-llm", appauthor=False) / "eval"
