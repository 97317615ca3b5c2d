"""Comparisons of two systems as a page and on a terminal."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from affect_llm.evaluation.comparison import Comparison, Difference
from affect_llm.evaluation.results_page import number
from affect_llm.report import pages
from affect_llm.report.eval_axis import Axis
from affect_llm.report.eval_bars import MARKS, ScoreBar
from affect_llm.report.eval_html import NOTICE

_REACHES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
HEADINGS = ("number", "first", "second", "difference", "95 % interval", "p", "p (Holm)")


def comparison_page(comparisons: Sequence[Comparison]) -> str:
    """The page of all comparisons, a section each."""
    functions = (difference_chart, difference_row, file_name)
    values: dict[str, Any] = {function.__name__: function for function in functions}
    return pages.page(
        "systems.html",
        title="Two systems compared, scored by affect_llm",
        style="eval.css",
        notice=NOTICE,
        comparisons=comparisons,
        HEADINGS=HEADINGS,
        MARKS=MARKS,
        **values,
    )


def file_name(path: str) -> str:
    """The last part of a path."""
    return PurePath(path).name


def difference_row(one: Difference) -> tuple[str, ...]:
    """A difference as cells under `HEADINGS`."""
    span = "–" if one.interval is None else f"{one.interval[0]:+.3f} to {one.interval[1]:+.3f}"
    gap = "–" if one.difference is None else f"{one.difference:+.3f}"
    return (one.name.replace("_", " "), number(one.first), number(one.second), gap, span,
            _p(one.p_permutation), _p(one.p_holm))  # fmt: skip


def _p(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def difference_chart(differences: Sequence[Difference]) -> tuple[list[ScoreBar], Axis]:
    """The differences as bars around zero; of precision, recall and F only F."""
    plotted = [d for d in differences if not d.name.endswith((" precision", " recall"))]
    values = [v for d in plotted for v in (d.difference, *(d.interval or ())) if v is not None]
    widest = max(map(abs, values), default=1.0)
    reach = next((reach for reach in _REACHES if reach >= widest), widest)
    bars = [
        ScoreBar(d.name.replace("_", " "), d.difference, d.interval,
                 f"{difference_row(d)[3]}, p {_p(d.p_permutation)}")
        for d in plotted
    ]  # fmt: skip
    return bars, Axis(-reach, reach)
