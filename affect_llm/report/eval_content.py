"""An evaluation in the form that pages, Markdown and the terminal share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from affect_llm.evaluation.charts import Charts
from affect_llm.evaluation.intervals import Interval, Name
from affect_llm.evaluation.reference import Reference
from affect_llm.evaluation.score_report import ScoreReport, Scores, spans_of, values_of

LOWER_IS_BETTER = frozenset(
    {"mae", "rmse", "expected_calibration_error", "calibration_error", "unfaithful_sentences"}
)


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One number with what it is read against; None where it is not defined.

    Args:
        path: its name in levels ("M1", "f1").
        baselines: name of a trivial answer → its value.
    """

    path: Name
    value: float | None
    interval: Interval | None
    baselines: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Readable: underscores are blanks."""
        return " ".join(self.path).replace("_", " ")

    @property
    def values(self) -> list[float]:
        """All that a chart has to hold: the value, its interval and its baselines."""
        values = (self.value, *self.baselines.values(), *(self.interval or ()))
        return [value for value in values if value is not None]


@dataclass(frozen=True, slots=True)
class Section:
    """One evaluation.

    Args:
        title: what was measured.
        facts: name → what it is, for the head of the section.
        rows: every number, averages first.
        left_out: reason → how many; `named` the first few of each.
        measure: name of the number that `references` are about; None for the first row.
        words: further parts of the report, by name.
        remarks: what a reader must know.
    """

    title: str
    facts: Mapping[str, str]
    rows: Sequence[MetricRow]
    left_out: Mapping[str, int] = field(default_factory=dict)
    named: Mapping[str, Sequence[str]] = field(default_factory=dict)
    charts: Charts = field(default_factory=Charts)
    references: Sequence[Reference] = ()
    measure: str | None = None
    words: Mapping[str, object] = field(default_factory=dict)
    remarks: Sequence[str] = ()

    @property
    def main_row(self) -> MetricRow | None:
        """The number that references are about: the one named, else the first."""
        named = [row for row in self.rows if row.path[-1] == self.measure]
        return next(iter((*named, *self.rows)), None)

    @property
    def plotted(self) -> list[MetricRow]:
        """The rows worth a bar: of precision, recall and F only F."""
        with_f1 = {row.path[:-1] for row in self.rows if row.path[-1] == "f1"}
        return [r for r in self.rows if r.path[:-1] not in with_f1 or r.path[-1] == "f1"]

    @property
    def baseline_names(self) -> list[str]:
        """Every baseline there is, in order."""
        return list(dict.fromkeys(name for row in self.rows for name in row.baselines))


def section_of_score(report: ScoreReport) -> Section:
    """The section about a scored file."""
    spread = report.resampling
    by = "every item on its own" if spread.groups == "item" else f"grouped by {spread.groups}"
    facts = {
        "Predictions": report.predictions,
        "Gold": report.gold,
        "Items scored": f"{report.n:,}",
        "Intervals": f"95 % bootstrap, {spread.draws} draws of {spread.count:,} groups ({by})",
    }
    rule = report.extra.get("labels_read_by")
    if rule is not None:
        facts["Labels read by"] = str(rule)
    return Section(
        title=f"{report.task}: {PurePath(report.predictions).name}",
        facts=facts,
        rows=metric_rows(report),
        left_out=report.skipped,
        named={finding.reason: finding.first for finding in report.findings},
        charts=report.charts,
        references=report.references,
        words=report.extra,
    )


def metric_rows(scores: Scores, names: Mapping[Name, str] | None = None) -> list[MetricRow]:
    """Every number beside its trivial answers, under its own name or that of `names`."""
    names = names or {}
    spans = spans_of(scores.intervals)
    trivial = {name: values_of(numbers) for name, numbers in scores.baselines.items()}
    return [
        MetricRow(
            (names[name],) if name in names else _path(name),
            value,
            spans.get(name),
            {title: values[name] for title, values in trivial.items() if name in values},
        )
        for name, value in values_of(scores).items()
    ]


def _path(name: Name) -> Name:
    """How people read a name: of the metrics nothing is said, averages are called so."""
    return ("average", *name[1:]) if name[0] == "averages" else name[1:]
