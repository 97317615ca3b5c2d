"""Rows of bars with intervals and baseline marks; their words are HTML and stay readable."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from affect_llm.evaluation.results_page import bracketed, number
from affect_llm.report.eval_axis import Axis, axis_for
from affect_llm.report.eval_content import MetricRow, Section
from affect_llm.report.markup import Html, element, joined

_HEIGHT = 26
_MARKS = 6
"""Baselines have marks of so many kinds (CSS classes mark-0 …)."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a name, a value with its interval, marks on the same axis, words at the end."""

    name: str
    value: float | None
    interval: tuple[float, float] | None
    marks: Sequence[tuple[int, float, str]] = field(default=())
    """Kind, value and name of each baseline."""
    words: str = ""
    kind: str = "own"


def metric_bars(section: Section) -> Html:
    """Every plotted number of a section with its baselines, and what the marks mean."""
    names = section.baseline_names
    rows = section.plotted
    if not rows:
        return Html("")
    inside = [row for row in rows if _between(row)]
    charts = [
        bar_chart([_metric_bar(row, names) for row in some], axis_for(some))
        for some in (inside, *([row] for row in rows if not _between(row)))
        if some
    ]
    return joined((legend(names), *charts))


def _between(row: MetricRow) -> bool:
    values = (row.value, *row.baselines.values(), *(row.interval or ()))
    return all(v is None or 0 <= v <= 1 for v in values)


def _metric_bar(row: MetricRow, names: Sequence[str]) -> Bar:
    marks = [
        (k % _MARKS, value, name)
        for k, name in enumerate(names)
        if (value := row.baselines.get(name)) is not None
    ]
    less = " (less is better)" if row.lower_is_better else ""
    return Bar(row.name + less, row.value, row.interval, marks, bracketed(row.value, row.interval))


def bar_chart(bars: Iterable[Bar], axis: Axis) -> Html:
    """The bars above one axis."""
    rows = [_row(bar, axis) for bar in bars]
    return element("div", {"class": "bars-chart", "role": "list"}, *rows, _axis(axis))


def legend(names: Sequence[str]) -> Html:
    """What the marks of the baselines stand for."""
    if not names:
        return Html("")
    items = [
        element("li", {}, _swatch(element("rect", {"class": "value", "x": "1", "y": "3",
                                                   "width": "16", "height": "8"})), "score")
    ]  # fmt: skip
    items += [
        element("li", {}, _swatch(_mark(k % _MARKS, "50%", 7)), name)
        for k, name in enumerate(names)
    ]
    return element("ul", {"class": "legend"}, *items)


def _swatch(shape: Html) -> Html:
    return element("svg", {"width": "18", "height": "14", "aria-hidden": "true"}, shape)


def _row(bar: Bar, axis: Axis) -> Html:
    said = ", ".join(f"{name} {number(value)}" for _, value, name in bar.marks)
    label = f"{bar.name}: {bar.words or number(bar.value)}{f'; {said}' if said else ''}"
    picture = element(
        "svg",
        {"class": "track", "width": "100%", "height": str(_HEIGHT), "role": "img",
         "aria-label": label},
        element("title", {}, label),
        element("rect", {"class": "rail", "width": "100%", "height": "10", "y": "8", "rx": "5"}),
        _fill(bar, axis),
        _whisker(bar, axis),
        *(_mark(kind, f"{axis.percent(v):.2f}%", _HEIGHT / 2) for kind, v, _ in bar.marks),
    )  # fmt: skip
    return element(
        "div",
        {"class": f"bar-row {bar.kind}", "role": "listitem"},
        element("span", {"class": "bar-name"}, bar.name),
        picture,
        element("span", {"class": "bar-words"}, bar.words or number(bar.value)),
    )


def _fill(bar: Bar, axis: Axis) -> Html:
    if bar.value is None:
        return Html("")
    zero, end = axis.percent(0.0), axis.percent(bar.value)
    left, width = min(zero, end), abs(end - zero)
    return element(
        "rect",
        {"class": "value", "x": f"{left:.2f}%", "width": f"{width:.2f}%", "height": "10",
         "y": "8", "rx": "5"},
    )  # fmt: skip


def _whisker(bar: Bar, axis: Axis) -> Html:
    if bar.interval is None:
        return Html("")
    low, high = (f"{axis.percent(v):.2f}%" for v in bar.interval)
    middle = str(_HEIGHT / 2)
    return element(
        "g",
        {"class": "whisker"},
        element("line", {"x1": low, "x2": high, "y1": middle, "y2": middle}),
        element("line", {"x1": low, "x2": low, "y1": "8", "y2": "18"}),
        element("line", {"x1": high, "x2": high, "y1": "8", "y2": "18"}),
    )


def _mark(kind: int, x: str, y: float) -> Html:
    """A vertical stroke with a head; kinds differ in colour and in the head's shape."""
    top, bottom = str(y - 7), str(y + 7)
    stroke = element("line", {"x1": x, "x2": x, "y1": top, "y2": bottom})
    head = element("circle", {"cx": x, "cy": top if kind % 2 else bottom, "r": "2.6"})
    return element("g", {"class": f"mark mark-{kind}"}, stroke, head)


def _axis(axis: Axis) -> Html:
    ticks = axis.ticks
    labels = [
        element("text", {"x": f"{axis.percent(t):.2f}%", "y": "12",
                         "text-anchor": _anchor(axis.percent(t))}, f"{t:g}")
        for t in ticks
    ]  # fmt: skip
    picture = element(
        "svg", {"class": "axis", "width": "100%", "height": "16", "aria-hidden": "true"}, *labels
    )
    return element("div", {"class": "bar-row axis-row"}, element("span", {}), picture,
                   element("span", {}))  # fmt: skip


def _anchor(percent: float) -> str:
    return "start" if percent < 2 else "end" if percent > 98 else "middle"
