"""Evaluations as one self-contained page: no request leaves it and no script is on it."""

from collections.abc import Sequence

from affect_llm.evaluation.reference import Reference
from affect_llm.evaluation.results_page import bracketed, number
from affect_llm.report import pages
from affect_llm.report.eval_axis import Axis, ceiling
from affect_llm.report.eval_bars import Bar, bar_chart, metric_bars
from affect_llm.report.eval_content import (
    MetricRow,
    Section,
)
from affect_llm.report.eval_labels import (
    confusion_table,
    label_bars,
    reliability_diagram,
    risk_curve,
)
from affect_llm.report.markup import Html, element, joined

_OPEN_UP_TO = 14
NOTICE = (
    "Scores compare answers with labels that people gave; they say nothing about what anyone felt. "
    "A score below a trivial answer's is worth less than that answer."
)


def page(sections: Sequence[Section]) -> str:
    """The page of several evaluations, a section each."""
    title = sections[0].title if len(sections) == 1 else f"{len(sections)} evaluations"
    body = joined(_section(section, n) for n, section in enumerate(sections, 1))
    return framed(title, _contents(sections), body)


def framed(title: str, contents: Html, body: Html) -> str:
    """A whole page around its parts, with a policy that lets nothing in or out."""
    return pages.page(
        "frame.html",
        title=f"{title}, scored by affect_llm",
        style="eval.css",
        body=joined((contents, body)),
        notice=NOTICE,
    )


def _contents(sections: Sequence[Section]) -> Html:
    if len(sections) < 2:
        return Html("")
    items = (
        element("li", {}, element("a", {"href": f"#part-{n}"}, section.title),
                element("span", {}, f" {_brief(section)}"))
        for n, section in enumerate(sections, 1)
    )  # fmt: skip
    return element("nav", {"aria-label": "Evaluations"}, element("ol", {}, *items))


def _brief(section: Section) -> str:
    row = main_row(section)
    return "not measured" if row is None else f"{row.name} {bracketed(row.value, row.interval)}"


def main_row(section: Section) -> MetricRow | None:
    """The number that references are about: the one named, else the first."""
    named = [row for row in section.rows if row.path[-1] == section.measure]
    return next(iter((*named, *section.rows)), None)


def _section(section: Section, n: int) -> Html:
    parts = (
        _part("Scores beside trivial answers", metric_bars(section)),
        _part("Beside numbers of others", _references(section)),
        _confusion(section),
        _part("F1 of each label", label_bars(section.charts.labels), section.charts.labels),
        _confidence(section),
        _words(section),
        _left_out(section),
        _table(section),
    )
    remarks = (element("p", {"class": "remark"}, remark) for remark in section.remarks)
    return element(
        "article",
        {"id": f"part-{n}"},
        element("h1", {}, section.title),
        _facts(section),
        *remarks,
        *parts,
    )


def _part(title: str, body: Html, there: object = True) -> Html:
    if not body or not there:
        return Html("")
    return element("section", {}, element("h2", {}, title), body)


def _facts(section: Section) -> Html:
    pairs = (
        element("div", {}, element("dt", {}, name), element("dd", {}, words))
        for name, words in section.facts.items()
    )
    return element("dl", {"class": "facts"}, *pairs)


def _references(section: Section) -> Html:
    """Numbers of others beside the same number of this run, one chart for each metric."""
    row = main_row(section)
    if row is None or not section.references:
        return Html("")
    rows = {r.path[-1]: r for r in reversed(section.rows)}
    charts = []
    for metric in dict.fromkeys(r.metric for r in section.references):
        own = row if metric is None else rows.get(metric)
        others = [r for r in section.references if r.metric == metric]
        charts.append(_beside(own, metric or row.name, others))
    notes = (
        element("li", {}, f"{r.system}: {r.source}.{f' {r.caveat}.' if r.caveat else ''}")
        for r in section.references
    )
    summary = element("summary", {}, "Where these numbers stand")
    told = element("details", {"class": "told"}, summary,
                   element("ul", {"class": "notes"}, *notes))  # fmt: skip
    return joined((*charts, told))


def _beside(own: MetricRow | None, metric: str, others: Sequence[Reference]) -> Html:
    bars = []
    if own is not None:
        bars.append(Bar(f"this run ({own.name})", own.value, own.interval, _marks(own),
                        bracketed(own.value, own.interval)))  # fmt: skip
    for other in others:
        apart = other.caveat is not None
        words = number(other.value) + (f", {other.caveat}" if apart else "")
        bars.append(Bar(other.system, other.value, None, (), words, "apart" if apart else "other"))
    most = ceiling(max(bar.value or 0.0 for bar in bars))
    caption = element("p", {"class": "quiet"}, metric.replace("_", " "))
    return joined((caption, bar_chart(bars, Axis(0.0, most))))


def _marks(row: MetricRow) -> list[tuple[int, float, str]]:
    return [(k, v, name) for k, (name, v) in enumerate(row.baselines.items()) if v is not None]


def _confusion(section: Section) -> Html:
    confusion = section.charts.confusion
    if confusion is None or not confusion.labels:
        return Html("")
    words = "Gold labels down, answers across; the darker, the larger the share of the gold label."
    note = element("p", {"class": "quiet"}, words)
    return _part("Which label was taken for which", joined((note, confusion_table(confusion))))


def _confidence(section: Section) -> Html:
    charts = section.charts
    if not charts.reliability:
        return Html("")
    error = f"Expected calibration error {number(charts.calibration_error)}; 0 is best."
    left = element("figure", {}, reliability_diagram(charts), element("figcaption", {}, error))
    words = "Wrong answers when only the surest are given; a curve that falls to the left is good."
    right = element("figure", {}, risk_curve(charts), element("figcaption", {}, words))
    return _part("Confidence", element("div", {"class": "squares"}, left, right))


def _words(section: Section) -> Html:
    if not section.words:
        return Html("")
    rows = (
        element("tr", {}, element("th", {"scope": "row"}, name.replace("_", " ")),
                element("td", {}, _said(value)))
        for name, value in section.words.items()
    )  # fmt: skip
    table = element("table", {"class": "words"}, *rows)
    return _part("Words and coverage", scrolled(table, "Coverage"))


def _said(value: object) -> Html:
    """A value of the report's own parts: a number, a text, or names with values."""
    if isinstance(value, dict):
        pairs = (
            element("div", {}, element("dt", {}, str(name)), element("dd", {}, _said(inner)))
            for name, inner in value.items()
        )
        return element("dl", {"class": "pairs"}, *pairs)
    if isinstance(value, list | tuple):
        return joined((", ".join(str(item) for item in value),))
    return joined((f"{value:.4g}" if isinstance(value, float) else str(value),))


def _left_out(section: Section) -> Html:
    if not section.left_out:
        body = element("p", {"class": "quiet"}, "Nothing: every row was used as it stands.")
        return _part("Left out or counted otherwise", body)
    rows = (
        element("tr", {}, element("th", {"scope": "row"}, reason),
                element("td", {"class": "count"}, f"{count:,}"),
                element("td", {}, ", ".join(section.named.get(reason, ()))))
        for reason, count in section.left_out.items()
    )  # fmt: skip
    head = element("tr", {}, *(element("th", {"scope": "col"}, name)
                               for name in ("what", "rows", "the first few")))  # fmt: skip
    table = element("table", {}, element("thead", {}, head), element("tbody", {}, *rows))
    return _part("Left out or counted otherwise", scrolled(table, "Left out"))


def _table(section: Section) -> Html:
    names = section.baseline_names
    heads = ("number", "score", "95 % interval", *names)
    head = element("tr", {}, *(element("th", {"scope": "col"}, name) for name in heads))
    rows = (
        element("tr", {}, element("th", {"scope": "row"}, row.name),
                element("td", {}, number(row.value)),
                element("td", {}, _span(row)),
                *(element("td", {}, number(row.baselines.get(name))) for name in names))
        for row in section.rows
    )  # fmt: skip
    table = element("table", {"class": "numbers"}, element("thead", {}, head),
                    element("tbody", {}, *rows))  # fmt: skip
    opened = {"open": "" if len(section.rows) <= _OPEN_UP_TO else None}
    summary = element("summary", {}, f"All numbers ({len(section.rows)})")
    return element("details", opened, summary, scrolled(table, "All numbers"))


def _span(row: MetricRow) -> str:
    return (
        "–" if row.interval is None else f"{number(row.interval[0])} to {number(row.interval[1])}"
    )


def scrolled(table: Html, name: str) -> Html:
    """A table that scrolls by itself where the page is narrow."""
    attributes = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": name}
    return element("div", attributes, table)
