"""Evaluations as one self-contained page: no request leaves it and no script is on it."""

from collections.abc import Sequence

from affect_llm.evaluation.results_page import bracketed, number
from affect_llm.evaluation.tables.problems import short
from affect_llm.report import eval_charts, pages
from affect_llm.report.eval_content import Section

NOTICE = (
    "Scores compare answers with labels that people gave; they say nothing about what anyone felt. "
    "A score below a trivial answer's is worth less than that answer."
)


def page(sections: Sequence[Section]) -> str:
    """The page of several evaluations, a section each."""
    title = sections[0].title if len(sections) == 1 else f"{len(sections)} evaluations"
    called = (
        short, bracketed, eval_charts.metric_charts, eval_charts.reference_charts,
        eval_charts.label_chart, eval_charts.shade, eval_charts.majority_share,
        eval_charts.square_x, eval_charts.square_y,
    )  # fmt: skip
    by_name = {function.__name__: function for function in called}
    return framed("evaluation.html", title, sections=sections, **by_name)


def framed(template: str, title: str, **values: object) -> str:
    """A page about scores, with a policy that lets nothing in or out."""
    return pages.page(
        template,
        title=f"{title}, scored by affect_llm",
        style="eval.css",
        script=None,
        notice=NOTICE,
        number=number,
        **values,
    )
