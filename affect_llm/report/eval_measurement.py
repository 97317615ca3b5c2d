"""A measurement of the product in the form that pages and the terminal share."""

from collections.abc import Mapping, Sequence

import numpy as np

from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.report import CollectionReport, ControlsReport, SuiteReport
from affect_llm.evaluation.scored_file.charts import Charts
from affect_llm.evaluation.scored_file.label_charts import label_charts
from affect_llm.evaluation.suite_runs import SuiteRuns
from affect_llm.metrics.confusion import answer_codes
from affect_llm.metrics.resamples import grouped
from affect_llm.report.eval_content import MetricRow, Section
from affect_llm.report.eval_html import page
from affect_llm.types import Score


def measurement_page(runs: SuiteRuns) -> str:
    """The page of a measurement, a section for each suite."""
    return page(measurement_sections(runs))


def measurement_sections(runs: SuiteRuns) -> list[Section]:
    """Suites, means over suites, controls."""
    report = runs.report
    sections = [_suite(suite, runs.answers.get(suite.name, ())) for suite in report.suites]
    sections += [_collection(collection) for collection in report.collections]
    if report.controls is not None:
        sections.append(_controls(report.controls))
    return sections


def _suite(suite: SuiteReport, answers: Sequence[Prediction]) -> Section:
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
        charts=_charts(suite, answers),
        references=suite.references,
        measure=None if main is None else main.name,
        remarks=[remark for remark in remarks if remark],
    )


def _rows(suite: SuiteReport) -> list[MetricRow]:
    if suite.score is None:
        return []
    baselines = {score.name.replace("_", " "): score.value for score in suite.baselines}
    rows = [_row(suite.score, baselines), *(_row(score, {}) for score in suite.others)]
    named = (("behind abstentions", suite.leaning), ("calibration error", suite.calibration),
             ("unfaithful sentences", suite.unfaithful))  # fmt: skip
    for name, score in named:
        if score is not None:
            words = f"{score.name} {name}" if score is suite.leaning else name
            rows.append(MetricRow((words.replace(" ", "_"),), score.value, score.interval,
                                  baselines if score is suite.leaning else {}))  # fmt: skip
    return rows


def _row(score: Score, baselines: Mapping[str, float | None]) -> MetricRow:
    return MetricRow((score.name,), score.value, score.interval, baselines)


def _charts(suite: SuiteReport, answers: Sequence[Prediction]) -> Charts:
    """Confusion and confidence of what was shown; only closed sets have these."""
    if suite.task != "closed-set" or not answers or suite.score is None:
        return Charts()
    labels = sorted({p.gold for p in answers} | {p.shown for p in answers if p.shown})
    shown = [p.shown for p in answers]
    codes = answer_codes([p.gold for p in answers], shown, labels)
    sure = np.array([_confidence(p) for p in answers])
    right = np.array([p.leaning == p.gold for p in answers], dtype=bool)
    return label_charts(labels, codes, sure, right, grouped([p.group for p in answers]))


def _confidence(prediction: Prediction) -> float:
    if prediction.leaning is None or prediction.confidence is None:
        return float("nan")
    return prediction.confidence


def _collection(collection: CollectionReport) -> Section:
    mean = collection.mean
    return Section(
        title=collection.title,
        facts={"Mean of": ", ".join(collection.parts), "Measured": str(mean.n)},
        rows=[MetricRow(("mean",), mean.value, mean.interval)],
        left_out=mean.skipped,
        references=collection.references,
        remarks=[collection.note] if collection.note else [],
    )


def _controls(controls: ControlsReport) -> Section:
    chance = {} if controls.chance is None else {"chance": controls.chance}
    rows = [
        _named("accuracy where modalities agree", controls.accuracy, {}),
        _named("the same with another clip's cues", controls.wrong_pairing, chance),
        _named("unsupported or contradicted sentences", controls.unfaithful, {}),
        _named("sentences changed by deleting their cue", controls.deletion, {}),
    ]
    return Section(
        title="Composed clips and controls",
        facts={"Answered by": controls.model or "nobody", "Items": str(controls.accuracy.n)},
        rows=rows,
        left_out=controls.accuracy.skipped,
    )


def _named(name: str, score: Score, beside: Mapping[str, float | None]) -> MetricRow:
    return MetricRow((name,), score.value, score.interval, beside)
