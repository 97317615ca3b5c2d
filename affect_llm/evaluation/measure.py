"""Measures the product: every suite, composed clips, controls, one report."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from affect_llm import __version__
from affect_llm.config import Settings, load_settings
from affect_llm.errors import AffectError, UnknownComponent
from affect_llm.evaluation import composed_run
from affect_llm.evaluation.confidence import calibration_score
from affect_llm.evaluation.explainer import MakeExplainer, product
from affect_llm.evaluation.held_out import measure_suite
from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.report import Report, SuiteReport
from affect_llm.evaluation.suite import Suite, load_suite, suite_names
from affect_llm.evaluation.tables import results_page
from affect_llm.registry import unknown_name

MELD_FOLDER = Path("text") / "meld"


def measurement_names() -> tuple[str, ...]:
    """Everything that can be measured: the suites, and the composed clips."""
    return (*suite_names(), composed_run.NAME)


def measure(
    kit: Path,
    banks: Path,
    out: Path,
    *,
    only: Sequence[str] = (),
    limit: int | None = None,
    settings: Settings | None = None,
    make: MakeExplainer = product,
) -> Report:
    """Measure and write `report.json`, `results.md` and the predictions into `out`.

    What cannot be measured here is in the report with the reason; the rest goes on. A run that
    was killed goes on where it was when it is started again with the same arguments.

    Args:
        kit: the data folder that the suites' folders are in.
        banks: the folder of the cue banks, for composed clips.
        out: made if need be.
        only: names of suites, or "composed"; all where empty.
        limit: at most so many items of each, drawn at random.
        settings: of the product; the suites set labels, modalities and face extractor.
        make: builds the product.

    Raises:
        UnknownComponent: a name in `only` is not one of `measurement_names`.
    """
    names = only or measurement_names()
    for name in names:
        if name not in measurement_names():
            raise UnknownComponent(unknown_name("measurements", name, measurement_names()))
    settings = settings or load_settings()
    out.mkdir(parents=True, exist_ok=True)
    reports, pooled = _suites(names, kit, out, settings, make, limit)
    report = Report(
        affect_llm=__version__,
        reasoner=settings.reasoner,
        suites=tuple(reports),
        pooled_calibration=calibration_score(pooled) if pooled else None,
    )
    if composed_run.NAME in names:
        report = report.model_copy(update=_composed(kit, banks, out, settings, make, limit))
    write_whole(out / "report.json", report.model_dump_json(indent=2) + "\n")
    write_whole(out / "results.md", results_page(report))
    return report


def _suites(
    names: Sequence[str],
    kit: Path,
    out: Path,
    settings: Settings,
    make: MakeExplainer,
    limit: int | None,
) -> tuple[list[SuiteReport], list[Prediction]]:
    reports: list[SuiteReport] = []
    pooled: list[Prediction] = []
    for suite in (load_suite(name) for name in names if name != composed_run.NAME):
        try:
            report, predictions = measure_suite(suite, kit, out, settings, make=make, limit=limit)
        except AffectError as error:
            report, predictions = _not_measured(suite, error), []
        if report.not_measured is not None:
            print(f"{suite.name}: not measured: {report.not_measured}", file=sys.stderr)
            predictions = []
        reports.append(report)
        pooled += predictions
    return reports, pooled


def _not_measured(suite: Suite, error: AffectError) -> SuiteReport:
    return SuiteReport(
        name=suite.name, title=suite.title, cluster=suite.cluster, not_measured=str(error)
    )


def _composed(
    kit: Path,
    banks: Path,
    out: Path,
    settings: Settings,
    make: MakeExplainer,
    limit: int | None,
) -> dict[str, object]:
    try:
        controls = composed_run.measure_composed(
            banks, kit / MELD_FOLDER, out, settings, make=make, limit=limit
        )
    except AffectError as error:
        print(f"{composed_run.NAME}: not measured: {error}", file=sys.stderr)
        return {"controls_not_measured": str(error)}
    return {"controls": controls}


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is either the old one or all of the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)
