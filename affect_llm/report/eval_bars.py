"""Rows of bars with intervals and baseline marks, as the templates draw them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from affect_llm.evaluation.results_page import bracketed, number
from affect_llm.report.eval_axis import Axis, axis_for, ceiling
from affect_llm.report.eval_content import MetricRow, Section

MARKS = 6
"""Kinds of baseline marks that eval.css draws (mark-0 …)."""
Mark = tuple[int, float, str]
"""Kind, value and name of a baseline."""


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """One row: a name, a value with its interval, marks on the same axis, words at the end."""

    name: str
    value: float | None
    interval: tuple[float, float] | None
    words: str
    marks: Sequence[Mark] = field(default=())
    kind: str = "own"

    @property
    def spoken_marks(self) -> str:
        """The marks for who cannot see them."""
        words = ", ".join(f"{name} {number(value)}" for _, value, name in self.marks)
        return f"; {words}" if words else ""


def metric_charts(section: Section) -> list[tuple[list[ScoreBar], Axis]]:
    """Every plotted number with its baselines; those beyond 0 to 1 on an axis of their own."""
    rows = section.plotted
    inside = [row for row in rows if _between(row)]
    parts = [inside, *([row] for row in rows if not _between(row))]
    names = section.baseline_names
    return [([_metric_bar(row, names) for row in part], axis_for(part)) for part in parts if part]


def _between(row: MetricRow) -> bool:
    values = (row.value, *row.baselines.values(), *(row.interval or ()))
    return all(v is None or 0 <= v <= 1 for v in values)


def _metric_bar(row: MetricRow, names: Sequence[str]) -> ScoreBar:
    less = " (less is better)" if row.lower_is_better else ""
    words = bracketed(row.value, row.interval)
    return ScoreBar(row.name + less, row.value, row.interval, words, _marks(row, names))


def _marks(row: MetricRow, names: Sequence[str]) -> list[Mark]:
    return [
        (kind % MARKS, value, name)
        for kind, name in enumerate(names)
        if (value := row.baselines.get(name)) is not None
    ]


def reference_charts(section: Section) -> list[tuple[str, list[ScoreBar], Axis]]:
    """Numbers of others beside the same number of this run, one chart for each metric."""
    main = main_row(section)
    assert main is not None, "numbers of others stand beside one of our own"
    rows = {row.path[-1]: row for row in reversed(section.rows)}
    charts = []
    for metric in dict.fromkeys(reference.metric for reference in section.references):
        own = main if metric is None else rows.get(metric)
        bars = [] if own is None else [
            ScoreBar(f"this run ({own.name})", own.value, own.interval,
                     bracketed(own.value, own.interval), _marks(own, list(own.baselines)))
        ]  # fmt: skip
        for other in section.references:
            if other.metric == metric:
                words = number(other.value) + (f", {other.caveat}" if other.caveat else "")
                kind = "apart" if other.caveat is not None else "other"
                bars.append(ScoreBar(other.system, other.value, None, words, kind=kind))
        axis = Axis(0.0, ceiling(max(bar.value or 0.0 for bar in bars)))
        charts.append(((metric or main.name).replace("_", " "), bars, axis))
    return charts


def main_row(section: Section) -> MetricRow | None:
    """The number that references are about: the one named, else the first."""
    named = [row for row in section.rows if row.path[-1] == section.measure]
    return next(iter((*named, *section.rows)), None)
