"""The pages in an adapter's folder: its card, and the report as JSON, Markdown and HTML."""

from collections.abc import Iterable

from affect_llm.report.pages import page
from affect_llm.report.training_card import card
from affect_llm.report.training_markdown import report_markdown
from affect_llm.report.training_words import METRIC_NAMES, measured_on, number, sizes, verdict
from affect_llm.training.sft.sft_report import SftReport, StageReport


def pages(report: SftReport) -> dict[str, str]:
    """The pages of a report by file name."""
    html = page(
        "training.html",
        title=f"{report.name}: what it gained",
        style="training.css",
        report=report,
        about=f"Base {report.base}, road {report.road}, {sizes(report)}; {measured_on(report)}.",
        metric_names=METRIC_NAMES,
        number=number,
        verdict=verdict,
        lines_of=lines_of,
        chart_x=chart_x,
    )
    return {
        "README.md": card(report),
        "report.json": report.model_dump_json(indent=2) + "\n",
        "report.md": report_markdown(report),
        "report.html": html,
    }


def lines_of(stage: StageReport) -> tuple[str, str]:
    """Losses and validation scores as points of a polyline, each on its own scale."""
    losses = [point.loss for point in stage.losses]
    low, high = min(losses), max(losses)
    scaled = ((p.step, (p.loss - low) / (high - low or 1.0)) for p in stage.losses)
    evaluations = ((e.step, e.value) for e in stage.evaluations)
    return _points(stage, scaled), _points(stage, evaluations)


def chart_x(stage: StageReport, step: float) -> float:
    """Where a step lies on a chart 640 pixels wide, 44 of which are for the numbers."""
    return 44 + 596 * step / max(stage.steps, 1)


def _points(stage: StageReport, points: Iterable[tuple[float, float]]) -> str:
    # 196 pixels above the steps; a twelfth stays free at the top, for the words there.
    return " ".join(f"{chart_x(stage, x):.1f},{196 * (1 - 0.92 * y):.1f}" for x, y in points)
