"""The geometry of charts of scores; `eval_charts.html` draws them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from affect_llm.evaluation.charts import Charts, LabelRow
from affect_llm.evaluation.intervals import Interval
from affect_llm.evaluation.reference import Reference
from affect_llm.evaluation.results_page import bracketed, number
from affect_llm.evaluation.tables.problems import short
from affect_llm.report.eval_axis import Axis, axis_for, ceiling
from affect_llm.report.eval_content import LOWER_IS_BETTER, MetricRow, Section


@dataclass(frozen=True, slots=True)
class Bar:
    """A name, a value with its interval, words at the end, and marks on the same axis.

    Args:
        marks: kind (of a colour and a head), value and name of each baseline.
        kind: "own", "other" (somebody else's) or "apart" (not quite comparable).
    """

    name: str
    value: float | None
    interval: Interval | None
    words: str
    marks: Sequence[tuple[int, float, str]] = ()
    kind: str = "own"

    @property
    def label(self) -> str:
        """The whole row in words, to be read aloud."""
        beside = ", ".join(f"{name} {number(value)}" for _, value, name in self.marks)
        return f"{self.name}: {self.words}{f'; {beside}' if beside else ''}"


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars above one axis."""

    bars: Sequence[Bar]
    axis: Axis
    caption: str = ""


def metric_charts(section: Section) -> list[BarChart]:
    """Every plotted number with its baselines; one beyond 0 to 1 has an axis of its own."""
    names, rows = section.baseline_names, section.plotted
    inside = [row for row in rows if all(0 <= value <= 1 for value in row.values)]
    charts = ([inside] if inside else []) + [[row] for row in rows if row not in inside]
    return [BarChart([_metric_bar(row, names) for row in some], axis_for(some)) for some in charts]


def _metric_bar(row: MetricRow, names: Sequence[str]) -> Bar:
    values = ((k, row.baselines.get(name), name) for k, name in enumerate(names))
    marks = [(k, value, name) for k, value, name in values if value is not None]
    less = " (less is better)" if row.path[-1] in LOWER_IS_BETTER else ""
    words = bracketed(row.value, row.interval)
    return Bar(row.name + less, row.value, row.interval, words, marks)


def reference_charts(section: Section) -> list[BarChart]:
    """Numbers of others beside the same number of this run, one chart for each metric."""
    row = section.main_row
    if row is None:
        return []
    rows = {r.path[-1]: r for r in reversed(section.rows)}
    charts = []
    for metric in dict.fromkeys(r.metric for r in section.references):
        own = row if metric is None else rows.get(metric)
        bars = []
        if own is not None:
            bar = _metric_bar(own, list(own.baselines))
            bars.append(replace(bar, name=f"this run ({own.name})"))
        bars += [_other_bar(r) for r in section.references if r.metric == metric]
        most = ceiling(max(bar.value or 0.0 for bar in bars))
        charts.append(BarChart(bars, Axis(0.0, most), (metric or row.name).replace("_", " ")))
    return charts


def _other_bar(other: Reference) -> Bar:
    apart = other.caveat is not None
    words = number(other.value) + (f", {other.caveat}" if apart else "")
    return Bar(other.system, other.value, None, words, kind="apart" if apart else "other")


def label_chart(rows: Sequence[LabelRow]) -> BarChart:
    """F1 of each label with its interval, beside what shuffled answers are expected to reach."""
    bars = [
        Bar(
            f"{short(row.label)} ({row.support})",
            row.f1,
            row.interval,
            f"{number(row.f1)}, P {number(row.precision)}, R {number(row.recall)}",
            () if row.by_chance is None else ((1, row.by_chance, "shuffled answers"),),
        )
        for row in rows
    ]
    return BarChart(bars, Axis(0.0, 1.0))


def shade(count: int, total: int) -> int:
    """How dark a cell is, from 0 for none to 10 for all."""
    return 0 if count == 0 or total == 0 else max(1, round(10 * count / total))


def majority_share(charts: Charts) -> float | None:
    """The accuracy of always giving the commonest gold label."""
    if charts.confusion is None:
        return None
    sums = [sum(row) for row in charts.confusion.counts]
    return max(sums) / sum(sums)


def square_x(share: float) -> float:
    """Where a share lies in a square drawing: 240 pixels wide, behind 34 for the numbers."""
    return 34 + 240 * share


def square_y(share: float) -> float:
    """Where a share lies in a square drawing: upwards, below 24 pixels for the axis' name."""
    return 24 + 240 * (1 - share)
