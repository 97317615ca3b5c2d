"""Comparisons of two systems as a page, and the cells of its table."""

from collections.abc import Sequence
from pathlib import PurePath

from affect_llm.evaluation.comparison import Comparison, Difference
from affect_llm.evaluation.results_page import number
from affect_llm.report.eval_axis import Axis
from affect_llm.report.eval_charts import Bar, BarChart
from affect_llm.report.eval_html import framed

_REACHES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Round ends of the axis, so that pages of like differences can be laid side by side."""
HEADINGS = ("number", "first", "second", "difference", "95 % interval", "p", "p (Holm)")


def comparison_page(comparisons: Sequence[Comparison]) -> str:
    """The page of all comparisons, a section each."""
    return framed(
        "eval_comparison.html",
        "Two systems compared",
        comparisons=comparisons,
        headings=HEADINGS,
        difference_row=difference_row,
        difference_chart=difference_chart,
        name_of=lambda path: PurePath(path).name,
    )


def difference_row(one: Difference) -> tuple[str, ...]:
    """A difference as cells under `HEADINGS`."""
    span = "–" if one.interval is None else f"{one.interval[0]:+.3f} to {one.interval[1]:+.3f}"
    gap = "–" if one.difference is None else f"{one.difference:+.3f}"
    p, holm = ("–" if p is None else f"{p:.4f}" for p in (one.p_permutation, one.p_holm))
    name = one.name.replace("_", " ")
    return (name, number(one.first), number(one.second), gap, span, p, holm)


def difference_chart(differences: Sequence[Difference]) -> BarChart:
    """First minus second, to both sides of 0; of precision, recall and F only F."""
    plotted = [d for d in differences if not d.name.endswith((" precision", " recall"))]
    values = [v for d in plotted for v in (d.difference, *(d.interval or ())) if v is not None]
    widest = max(map(abs, values), default=1.0)
    reach = next((reach for reach in _REACHES if reach >= widest), widest)
    bars = []
    for difference in plotted:
        name, _, _, gap, _, p, _ = difference_row(difference)
        bars.append(Bar(name, difference.difference, difference.interval, f"{gap}, p {p}"))
    return BarChart(bars, Axis(-reach, reach))
