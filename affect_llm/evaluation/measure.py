"""Measures the product: every suite, composed clips, controls, one report."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean

from affect_llm import __version__
from affect_llm.config import Settings, load_settings
from affect_llm.errors import AffectError, UnknownComponent
from affect_llm.evaluation import composed_run
from affect_llm.evaluation.confidence import calibration_score
from affect_llm.evaluation.explainer import MakeExplainer, product
from affect_llm.evaluation.held_out import measure_suite
from affect_llm.evaluation.parts import data_problem
from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.report import CollectionReport, Report, SuiteReport
from affect_llm.evaluation.suite import (
    Collection,
    Suite,
    load_suite_or_collection,
    suite_names,
    suites_of,
)
from affect_llm.evaluation.tables import results_page
from affect_llm.registry import unknown_name
from affect_llm.types import Score

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
    vocabulary: Path | None = None,
) -> Report:
    """Measure and write `report.json`, `results.md` and the predictions into `out`.

    What cannot be measured here is in the report with the reason; the rest goes on. A run that
    was killed goes on where it was when it is started again with the same arguments.

    Args:
        kit: the data folder that the suites' folders are in.
        banks: the folder of the cue banks, for composed clips.
        out: made if need be.
        only: names of suites or collections, or "composed"; where empty, the composed clips and
            every suite whose data is there.
        limit: at most so many items of each, drawn at random; where None and `only` is empty, as
            many as each suite says itself (`drawn`).
        settings: of the product; the suites set labels, modalities and face extractor.
        make: builds the product.
        vocabulary: folder of the official emotion wheels, for tasks with open labels.

    Raises:
        UnknownComponent: a name in `only` is not one of `measurement_names`.
    """
    for name in only:
        if name not in measurement_names():
            raise UnknownComponent(unknown_name("measurements", name, measurement_names()))
    settings = settings or load_settings()
    out.mkdir(parents=True, exist_ok=True)
    suites = suites_of(tuple(name for name in only or suite_names() if name != composed_run.NAME))
    reports, pooled = _suites(
        [suite for suite in suites if only or data_problem(suite, kit) is None],
        lambda suite: measure_suite(
            suite,
            kit,
            out,
            settings,
            make=make,
            limit=limit or (None if only else suite.drawn),
            vocabulary=vocabulary,
        ),
    )
    report = Report(
        affect_llm=__version__,
        reasoner=settings.reasoner,
        suites=tuple(reports),
        collections=_collections(only or suite_names(), reports, everything=not only),
        pooled_calibration=calibration_score(pooled) if pooled else None,
    )
    if not only or composed_run.NAME in only:
        report = report.model_copy(update=_composed(kit, banks, out, settings, make, limit))
    write_whole(out / "report.json", report.model_dump_json(indent=2) + "\n")
    write_whole(out / "results.md", results_page(report))
    return report


MeasureOne = Callable[[Suite], tuple[SuiteReport, list[Prediction]]]


def _suites(
    suites: Sequence[Suite], measure_one: MeasureOne
) -> tuple[list[SuiteReport], list[Prediction]]:
    """The reports, and the closed-set predictions of all suites together."""
    reports: list[SuiteReport] = []
    pooled: list[Prediction] = []
    for suite in suites:
        try:
            report, predictions = measure_one(suite)
        except AffectError as error:
            report, predictions = _not_measured(suite, error), []
        if report.not_measured is not None:
            print(f"{suite.name}: not measured: {report.not_measured}", file=sys.stderr)
            predictions = []
        reports.append(report)
        pooled += predictions if suite.task == "closed-set" else []
    return reports, pooled


def _not_measured(suite: Suite, error: AffectError) -> SuiteReport:
    return SuiteReport(
        name=suite.name,
        title=suite.title,
        task=suite.task,
        split=suite.split,
        cluster=suite.cluster,
        not_measured=str(error),
    )


def _collections(
    names: Sequence[str], reports: Sequence[SuiteReport], *, everything: bool
) -> tuple[CollectionReport, ...]:
    """A report for each collection; of those that nobody named, only ones with some part."""
    there = {report.name for report in reports}
    found = [load_suite_or_collection(name) for name in names if name != composed_run.NAME]
    return tuple(
        collection_report(one, reports)
        for one in found
        if isinstance(one, Collection) and (there & set(one.parts) or not everything)
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
    return CollectionReport(
        name=collection.name,
        title=collection.title,
        parts=collection.parts,
        mean=mean,
        references=collection.references,
        note=collection.note,
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
