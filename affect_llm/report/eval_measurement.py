"""A measurement of the product in the form that pages and the terminal share."""

from dataclasses import replace

from affect_llm.evaluation.charts import Charts
from affect_llm.evaluation.report import ControlsReport, Report, SuiteReport
from affect_llm.evaluation.suites.metrics import METRICS
from affect_llm.report.eval_content import MetricRow, Section, metric_rows
from affect_llm.types import Score

_ERROR = ("metrics", "expected_calibration_error")


def sections_of_report(report: Report) -> list[Section]:
    """A section for each suite, each mean over suites, and the controls."""
    sections = [_suite(suite) for suite in report.suites]
    sections += [
        Section(
            title=collection.title,
            facts={"Mean of": ", ".join(collection.parts), "Measured": str(collection.mean.n)},
            rows=[_named("mean", collection.mean)],
            left_out=collection.mean.skipped,
            references=collection.references,
            remarks=[collection.note] if collection.note else [],
        )
        for collection in report.collections
    ]
    if report.controls is not None:
        sections.append(_controls(report.controls))
    return sections


def _suite(suite: SuiteReport) -> Section:
    main = suite.score
    about = {
        "Suite": f"{suite.name} ({suite.task})",
        "Part": suite.split,
        "Items": "0" if main is None else f"{main.n:,}",
        "Groups": f"{suite.groups:,} ({suite.cluster})",
        "Answered by": suite.model or "nobody",
        "Held out": suite.held_out or "not said",
    }
    if suite.target is not None:
        about["Asked of itself"] = f"at least {suite.target:.2f}"
    remarks = [suite.note, suite.without_training and f"Baselines: {suite.without_training}."]
    if suite.not_measured is not None:
        remarks.append(f"Not measured: {suite.not_measured}")
    return Section(
        title=suite.title,
        facts=about,
        rows=_rows(suite),
        left_out={**suite.left_out, **(main.skipped if main else {})},
        charts=Charts() if suite.scores is None else suite.scores.charts,
        references=suite.references,
        measure=None if main is None else main.name,
        remarks=[remark for remark in remarks if remark],
    )


def _rows(suite: SuiteReport) -> list[MetricRow]:
    """The suite's own metric first, then every other number."""
    if suite.scores is None or suite.score is None:
        return []
    names = {path: name for name, path in METRICS[suite.task].items()}
    rows = metric_rows(suite.scores, {**names, _ERROR: "calibration_error"})
    own = next(row for row in rows if row.path == (suite.score.name,))
    rows = [own, *(row for row in rows if row is not own)]
    if suite.leaning is not None:
        name = f"{suite.leaning.name}_behind_abstentions"
        rows.append(replace(own, path=(name,), value=suite.leaning.value,
                            interval=suite.leaning.interval))  # fmt: skip
    if suite.unfaithful is not None:
        rows.append(_named("unfaithful sentences", suite.unfaithful))
    return rows


def _controls(controls: ControlsReport) -> Section:
    chance = {} if controls.chance is None else {"chance": controls.chance}
    return Section(
        title="Composed clips and controls",
        facts={"Answered by": controls.model or "nobody", "Items": str(controls.accuracy.n)},
        rows=[
            _named("accuracy where modalities agree", controls.accuracy),
            _named("the same with another clip's cues", controls.wrong_pairing, **chance),
            _named("unsupported or contradicted sentences", controls.unfaithful),
            _named("sentences changed by deleting their cue", controls.deletion),
        ],
        left_out=controls.accuracy.skipped,
    )


def _named(name: str, score: Score, **baselines: float | None) -> MetricRow:
    return MetricRow((name,), score.value, score.interval, baselines)
