"""Measures the product: suites by name, or everything there is with composed clips."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from affect_llm import __version__
from affect_llm.config import Settings
from affect_llm.errors import AffectError, ConfigError, UnknownComponent
from affect_llm.evaluation.composed.measurement import COMPOSED, measure_composed
from affect_llm.evaluation.prediction import MakeExplainer, Prediction
from affect_llm.evaluation.prediction_scores import calibration_score
from affect_llm.evaluation.report import CollectionReport, Report, SuiteReport
from affect_llm.evaluation.results_page import results_page
from affect_llm.evaluation.suites.measurement import RunPlan, measure_suite, unmeasured
from affect_llm.evaluation.suites.parts import data_problem
from affect_llm.evaluation.suites.suite import (
    Collection,
    Suite,
    load_suite_or_collection,
    suite_names,
    suites_of,
)
from affect_llm.files import write_whole
from affect_llm.pipeline import Pipeline
from affect_llm.registry import unknown_name
from affect_llm.types import Score

MELD_FOLDER = Path("text") / "meld"


def run_suites(plan: RunPlan, settings: Settings, *, make: MakeExplainer = Pipeline) -> Report:
    """Measure what the plan names; what cannot be measured is in the report with the reason.

    Where everything or the composed clips are measured, `report.json` and `results.md` are
    written into the plan's folder, too.

    Raises:
        UnknownComponent: no suite has such a name.
        ConfigError: composed clips are wanted, and their banks are not named.
        AffectError: a single suite was named, and it cannot be measured.
    """
    known = (*suite_names(), COMPOSED)
    for name in plan.names:
        if name not in known:
            raise UnknownComponent(unknown_name("suites", name, known))
    everything = not plan.names
    composed = everything or COMPOSED in plan.names
    if composed and plan.banks is None:
        raise ConfigError(
            "Composed clips need --banks DIR: a folder with voice/bank.jsonl and face/bank.jsonl."
        )
    names = tuple(name for name in plan.names or suite_names() if name != COMPOSED)
    suites = suites_of(names)
    if everything:
        suites = tuple(suite for suite in suites if data_problem(suite, plan.data) is None)
    forgiving = composed or len(suites) > 1
    runs = [_measured(suite, plan, settings, make, forgiving=forgiving) for suite in suites]
    report = _report(names, runs, settings, everything=everything)
    if composed:
        assert plan.banks is not None, "the banks were looked for before any suite was asked"
        meld = plan.data / MELD_FOLDER
        controls: dict[str, object] = {}
        try:
            controls["controls"] = measure_composed(
                plan.banks, meld, plan.out, settings, make=make, limit=plan.limit
            )
        except AffectError as error:
            print(f"{COMPOSED}: not measured: {error}", file=sys.stderr)
            controls["controls_not_measured"] = str(error)
        report = report.model_copy(update=controls)
        write_whole(plan.out / "report.json", report.model_dump_json(indent=2) + "\n")
        write_whole(plan.out / "results.md", results_page(report))
    return report


def _measured(
    suite: Suite, plan: RunPlan, settings: Settings, make: MakeExplainer, *, forgiving: bool
) -> tuple[SuiteReport, list[Prediction]]:
    """The report and the predictions of a closed set, which are calibrated together."""
    if not plan.names:
        # Large suites are drawn from where everything is measured at once.
        plan = replace(plan, limit=plan.limit or suite.drawn)
    try:
        report, predictions = measure_suite(suite, plan, settings, make)
    except AffectError as error:
        if not forgiving:
            raise
        report, predictions = unmeasured(suite, str(error)), []
        report = report.model_copy(update={"split": plan.split or suite.split})
    if report.not_measured is not None:
        print(f"{suite.name}: not measured: {report.not_measured}", file=sys.stderr)
    pooled = report.not_measured is None and suite.task == "closed-set"
    return report, predictions if pooled else []


def _report(
    names: Sequence[str],
    runs: Sequence[tuple[SuiteReport, list[Prediction]]],
    settings: Settings,
    *,
    everything: bool,
) -> Report:
    """The report on all suites; of collections that nobody named, only ones with some part."""
    reports = tuple(report for report, _ in runs)
    pooled = [prediction for _, predictions in runs for prediction in predictions]
    measured = {report.name for report in reports}
    collections = [c for c in map(load_suite_or_collection, names) if isinstance(c, Collection)]
    return Report(
        affect_llm=__version__,
        reasoner=settings.reasoner,
        suites=reports,
        collections=tuple(
            collection_report(collection, reports)
            for collection in collections
            if not everything or measured & set(collection.parts)
        ),
        pooled_calibration=calibration_score(pooled) if pooled else None,
    )


def collection_report(collection: Collection, reports: Sequence[SuiteReport]) -> CollectionReport:
    """The unweighted mean of the parts' scores, of those among `reports`."""
    scores = {r.name: r.score.value for r in reports if r.score is not None}
    values = [v for part in collection.parts if (v := scores.get(part)) is not None]
    lacking = len(collection.parts) - len(values)
    mean = Score(
        name="mean",
        value=None if lacking else fmean(values),
        n=len(values),
        skipped={"not measured": lacking} if lacking else {},
    )
    about = collection.model_dump(include={"name", "title", "parts", "note"})
    return CollectionReport(**about, mean=mean, references=collection.references)
