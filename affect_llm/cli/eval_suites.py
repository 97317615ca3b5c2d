"""What `affect-llm eval run` measures: suites that were named, or everything there is."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from affect_llm.errors import ConfigError
from affect_llm.evaluation.composed_run import NAME as COMPOSED
from affect_llm.evaluation.measure import measure
from affect_llm.evaluation.run_answers import answers_of
from affect_llm.evaluation.suite_runs import SuitePlan, SuiteRuns, run_suites

if TYPE_CHECKING:
    from affect_llm.config import Settings


@dataclass(frozen=True, slots=True)
class Everything:
    """What measuring everything needs beside the data: the cue banks of composed clips."""

    banks: Path | None


def measure_named(plan: SuitePlan, also: Everything, settings: "Settings") -> SuiteRuns:
    """Measure the suites of the plan; "composed" among them stands for the composed clips.

    Raises:
        ConfigError: no suite is named, or the composed clips lack their banks.
        AffectError: a suite is unknown, or the only one cannot be measured.
    """
    if not plan.names:
        raise ConfigError(
            "Name a suite (affect-llm eval list), or measure all of them: --all --banks DIR."
        )
    if COMPOSED not in plan.names:
        return run_suites(plan, settings)
    if plan.split is not None or plan.trained_too:
        raise ConfigError("Composed clips have no splits; measure them without --split.")
    return _measured(plan, also, settings)


def measure_all(plan: SuitePlan, also: Everything, settings: "Settings") -> SuiteRuns:
    """Measure every suite whose data is there, and composed clips.

    Raises:
        ConfigError: flags that only go with named suites, or no cue banks.
    """
    if plan.names or plan.split is not None or plan.trained_too:
        raise ConfigError("--all measures every suite on its own part; name no suite or split.")
    return _measured(plan, also, settings)


def _measured(plan: SuitePlan, also: Everything, settings: "Settings") -> SuiteRuns:
    if also.banks is None:
        raise ConfigError(
            "Composed clips need --banks DIR: a folder with voice/bank.jsonl and face/bank.jsonl."
        )
    report = measure(
        plan.data,
        also.banks,
        plan.out,
        only=plan.names,
        limit=plan.limit,
        settings=settings,
        vocabulary=plan.vocabulary,
    )
    return SuiteRuns(report, answers_of(report, plan.out))
