"""Charts of a closed set: confusion, F1 of each label, reliability, risk against coverage."""

from collections.abc import Sequence

from affect_llm.evaluation.charts import Charts, LabelRow, RiskPoint
from affect_llm.evaluation.results_page import number
from affect_llm.evaluation.tables.problems import short
from affect_llm.metrics.calibration_error import ReliabilityBin
from affect_llm.report.eval_axis import Axis
from affect_llm.report.eval_bars import ScoreBar
from affect_llm.report.markup import Attributes, Html, element, joined

SHARES = Axis(0.0, 1.0)
# Pixels; two squares stand beside each other on a page of 640.
_SIDE = 240
_PAD = 34


def shade(count: int, total: int) -> int:
    """0 for none to 10 for all."""
    return 0 if count == 0 or total == 0 else max(1, round(10 * count / total))


def label_bars(rows: Sequence[LabelRow]) -> list[ScoreBar]:
    """F1 of each label with its interval, beside what shuffled answers are expected to reach."""
    return [
        ScoreBar(
            f"{short(row.label)} ({row.support})",
            row.f1,
            row.interval,
            f"{number(row.f1)}, P {number(row.precision)}, R {number(row.recall)}",
            () if row.by_chance is None else ((1, row.by_chance, "shuffled answers"),),
        )
        for row in rows
    ]


def reliability_diagram(charts: Charts) -> Html:
    """Accuracy of each bin of confidences against the diagonal of perfect calibration."""
    filled = [b for b in charts.reliability if b.accuracy is not None]
    name = "Share of right answers (upwards) at each confidence (to the right)"
    most = max((b.n for b in filled), default=1)
    shapes = [_bin(b, most) for b in filled]
    diagonal = element("line", {"class": "ideal", "x1": _x(0), "y1": _y(0), "x2": _x(1),
                                "y2": _y(1)})  # fmt: skip
    return _square(name, [*shapes, diagonal, *_majority_line(charts, wrong=False)], "confidence",
                   "right")  # fmt: skip


def _bin(b: ReliabilityBin, most: int) -> Html:
    accuracy = b.accuracy or 0.0
    words = f"confidence {number(b.confidence)}: {number(b.accuracy)} right of {b.n}"
    return element(
        "rect",
        {"class": "value", "x": _x(b.low) + 1, "y": _y(accuracy),
         "width": _x(b.high) - _x(b.low) - 2, "height": max(1.0, _y(0) - _y(accuracy)),
         "fill-opacity": 0.25 + 0.75 * b.n / most},
        element("title", {}, words),
    )  # fmt: skip


def risk_curve(charts: Charts) -> Html:
    """Share of wrong answers (upwards) when only the surest are given (to the right)."""
    name = "Share of wrong answers (upwards) when only the surest are given (to the right)"
    points = " ".join(f"{_x(p.coverage):.1f},{_y(p.risk):.1f}" for p in charts.risk_coverage)
    line = element("polyline", {"class": "curve", "points": points})
    shapes = [line, *_end(charts.risk_coverage), *_majority_line(charts, wrong=True)]
    return _square(name, shapes, "share answered", "wrong")


def _end(points: Sequence[RiskPoint]) -> list[Html]:
    if not points:
        return []
    last = points[-1]
    words = f"all {100 * last.coverage:.0f} % answered: {number(last.risk)} wrong"
    spot: Attributes = {"class": "spot", "cx": _x(last.coverage), "cy": _y(last.risk), "r": "4"}
    return [element("circle", spot, element("title", {}, words))]


def _majority_line(charts: Charts, *, wrong: bool) -> list[Html]:
    """What always giving the commonest label reaches."""
    if charts.confusion is None:
        return []
    sums = [sum(row) for row in charts.confusion.counts]
    share = max(sums) / sum(sums)
    y = _y(1 - share if wrong else share)
    line = element("line", {"class": "trivial", "x1": _x(0), "x2": _x(1), "y1": y, "y2": y})
    text = element("text", {"class": "trivial-name", "x": _x(1) - 3, "y": y - 4,
                            "text-anchor": "end"}, "majority")  # fmt: skip
    return [line, text]


def _square(name: str, shapes: Sequence[Html], across: str, up: str) -> Html:
    frame = element("rect", {"class": "frame", "x": _x(0), "y": _y(1), "width": _SIDE,
                             "height": _SIDE})  # fmt: skip
    ticks = [
        joined((
            element("text", {"x": _x(t), "y": _y(0) + 14, "text-anchor": "middle"}, f"{t:g}"),
            element("text", {"x": _x(0) - 5, "y": _y(t) + 4, "text-anchor": "end"}, f"{t:g}"),
        ))
        for t in (0, 0.25, 0.5, 0.75, 1)
    ]  # fmt: skip
    names = (
        element("text", {"class": "axis-name", "x": _x(0.5), "y": _y(0) + 29,
                         "text-anchor": "middle"}, f"{across} →"),
        element("text", {"class": "axis-name", "x": _x(0), "y": _y(1) - 8,
                         "text-anchor": "start"}, f"{up} ↑"),
    )  # fmt: skip
    side = _SIDE + 2 * _PAD
    box = {"viewBox": f"0 0 {side} {side + 4}", "class": "square", "role": "img",
           "aria-label": name}  # fmt: skip
    return element("svg", box, element("title", {}, name), frame, *shapes, *ticks, *names)


def _x(share: float) -> float:
    return _PAD + _SIDE * share


def _y(share: float) -> float:
    return _PAD - 10 + _SIDE * (1 - share)
