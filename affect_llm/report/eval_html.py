"""Evaluations as one self-contained page: no request leaves it and no script is on it."""

from collections.abc import Sequence
from typing import Any

from affect_llm.evaluation.results_page import bracketed, number
from affect_llm.evaluation.tables.problems import short
from affect_llm.report import pages
from affect_llm.report.eval_bars import MARKS, main_row, metric_charts, reference_charts
from affect_llm.report.eval_content import Section
from affect_llm.report.eval_labels import (
    SHARES,
    label_bars,
    reliability_diagram,
    risk_curve,
    shade,
)

NOTICE = (
    "Scores compare answers with labels that people gave; they say nothing about what anyone felt. "
    "A score below a trivial answer's is worth less than that answer."
)


def page(sections: Sequence[Section]) -> str:
    """The page of several evaluations, a section each."""
    title = sections[0].title if len(sections) == 1 else f"{len(sections)} evaluations"
    functions = (brief, label_bars, metric_charts, number, reference_charts, reliability_diagram,
                 risk_curve, shade, short)  # fmt: skip
    values: dict[str, Any] = {function.__name__: function for function in functions}
    return pages.page(
        "evaluation.html",
        title=f"{title}, scored by affect_llm",
        style="eval.css",
        notice=NOTICE,
        sections=sections,
        MARKS=MARKS,
        SHARES=SHARES,
        **values,
    )


def brief(section: Section) -> str:
    """The main number of a section in a few words."""
    row = main_row(section)
    return "not measured" if row is None else f"{row.name} {bracketed(row.value, row.interval)}"
