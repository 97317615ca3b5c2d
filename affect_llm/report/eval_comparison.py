"""Comparisons of two systems as a page and on a terminal."""

from collections.abc import Sequence
from pathlib import PurePath

from affect_llm.evaluation.comparison import Comparison, Difference
from affect_llm.evaluation.results_page import number
from affect_llm.report.eval_axis import Axis
from affect_llm.report.eval_bars import Bar, bar_chart
from affect_llm.report.eval_html import framed, scrolled
from affect_llm.report.markup import Html, element, joined

_REACHES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
HEADINGS = ("number", "first", "second", "difference", "95 % interval", "p", "p (Holm)")


def comparison_page(comparisons: Sequence[Comparison]) -> str:
    """The page of all comparisons, a section each."""
    title = "Two systems compared"
    return framed(title, Html(""), joined(_article(one, n) for n, one in enumerate(comparisons, 1)))


def difference_row(one: Difference) -> tuple[str, ...]:
    """A difference as cells under `HEADINGS`."""
    span = "–" if one.interval is None else f"{one.interval[0]:+.3f} to {one.interval[1]:+.3f}"
    gap = "–" if one.difference is None else f"{one.difference:+.3f}"
    return (one.name.replace("_", " "), number(one.first), number(one.second), gap, span,
            _p(one.p_permutation), _p(one.p_holm))  # fmt: skip


def _p(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _article(one: Comparison, n: int) -> Html:
    facts = {
        "First": one.first,
        "Second": one.second,
        "Items": f"{one.n:,} in {one.group_count:,} groups ({one.groups})",
        "Test": "paired bootstrap over groups; p of swapping the answers of whole groups",
    }
    rows = [element("tr", {}, *(element("td", {}, cell) for cell in difference_row(d)))
            for d in one.differences]  # fmt: skip
    head = element("tr", {}, *(element("th", {"scope": "col"}, cell) for cell in HEADINGS))
    table = element("table", {"class": "numbers"}, element("thead", {}, head),
                    element("tbody", {}, *rows))  # fmt: skip
    return element(
        "article",
        {"id": f"part-{n}"},
        element("h1", {}, f"{one.task}: {_short(one.first)} against {_short(one.second)}"),
        element("dl", {"class": "facts"}, *(_fact(name, words) for name, words in facts.items())),
        element("section", {}, element("h2", {}, "First minus second"), _bars(one.differences)),
        element("section", {}, element("h2", {}, "All numbers"), scrolled(table, "All numbers")),
    )


def _short(path: str) -> str:
    return PurePath(path).name


def _fact(name: str, words: str) -> Html:
    return element("div", {}, element("dt", {}, name), element("dd", {}, words))


def _bars(differences: Sequence[Difference]) -> Html:
    plotted = [d for d in differences if not d.name.endswith((" precision", " recall"))]
    values = [v for d in plotted for v in (d.difference, *(d.interval or ())) if v is not None]
    widest = max(map(abs, values), default=1.0)
    reach = next((reach for reach in _REACHES if reach >= widest), widest)
    bars = [
        Bar(d.name.replace("_", " "), d.difference, d.interval, (),
            f"{difference_row(d)[3]}, p {_p(d.p_permutation)}")
        for d in plotted
    ]  # fmt: skip
    return bar_chart(bars, Axis(-reach, reach))
