"""Answers and scores some suites by name, one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from affect_llm import __version__
from affect_llm.config import Settings
from affect_llm.errors import AffectError
from affect_llm.evaluation.confidence import calibration_score
from affect_llm.evaluation.explainer import MakeExplainer, product
from affect_llm.evaluation.held_out import measure_suite
from affect_llm.evaluation.measure import collection_report
from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.report import Report, SuiteReport
from affect_llm.evaluation.suite import Collection, Suite, load_suite_or_collection, suites_of


@dataclass(frozen=True, slots=True)
class SuitePlan:
    """What is to be measured.

    Args:
        names: of suites and collections.
        data: a corpus in its official layout, or a folder of corpora.
        out: answers are kept here.
        split: instead of the suites' own.
        limit: at most so many items of each, drawn at random.
        trained_too: also items that a shipped model learned from.
        vocabulary: folder of the official word tables, for open labels.
    """

    names: tuple[str, ...]
    data: Path
    out: Path
    split: str | None = None
    limit: int | None = None
    trained_too: bool = False
    vocabulary: Path | None = None


@dataclass(frozen=True, slots=True)
class SuiteRuns:
    """The report, and the answers that it rests on: suite → predictions."""

    report: Report
    answers: Mapping[str, list[Prediction]] = field(default_factory=dict)


def run_suites(plan: SuitePlan, settings: Settings, *, make: MakeExplainer = product) -> SuiteRuns:
    """Measure every suite of the plan; what cannot be measured is in the report with the reason.

    Raises:
        UnknownComponent: no suite has such a name.
        AffectError: the only suite that was named cannot be measured.
    """
    suites = suites_of(plan.names)
    found = {suite.name: _measured(suite, plan, settings, make, len(suites)) for suite in suites}
    reports = [report for report, _ in found.values()]
    answers = {name: given for name, (_, given) in found.items() if given}
    closed = [p for s in suites if s.task == "closed-set" for p in answers.get(s.name, ())]
    named = [load_suite_or_collection(name) for name in plan.names]
    report = Report(
        affect_llm=__version__,
        reasoner=settings.reasoner,
        suites=tuple(reports),
        collections=tuple(
            collection_report(one, reports) for one in named if isinstance(one, Collection)
        ),
        pooled_calibration=calibration_score(closed) if closed else None,
    )
    return SuiteRuns(report, answers)


def _measured(
    suite: Suite, plan: SuitePlan, settings: Settings, make: MakeExplainer, several: int
) -> tuple[SuiteReport, list[Prediction]]:
    try:
        return measure_suite(
            suite,
            plan.data,
            plan.out,
            settings,
            make=make,
            limit=plan.limit,
            split=plan.split,
            trained_too=plan.trained_too,
            vocabulary=plan.vocabulary,
        )
    except AffectError as error:
        if several == 1:
            raise
        return _not_measured(suite, plan, error), []


def _not_measured(suite: Suite, plan: SuitePlan, error: AffectError) -> SuiteReport:
    return SuiteReport(
        name=suite.name,
        title=suite.title,
        task=suite.task,
        split=plan.split or suite.split,
        cluster=suite.cluster,
        references=suite.references,
        not_measured=str(error),
    )
