"""Evaluations as Markdown tables."""

from affect_llm.evaluation.results_page import bracketed, number, table
from affect_llm.report.eval_content import Section


def markdown_page(section: Section) -> str:
    """One evaluation, ending in a newline."""
    names = section.baseline_names
    rows = [
        (
            _plain(row.name),
            bracketed(row.value, row.interval),
            *(number(row.baselines.get(n)) for n in names),
        )
        for row in section.rows
    ]
    labels = [
        (_plain(r.label), str(r.support), number(r.precision), number(r.recall), number(r.f1))
        for r in section.charts.labels
    ]
    head = ("label", "items", "precision", "recall", "F1")
    others = [
        f"- {_plain(r.system)}: {number(r.value)} ({_plain(r.source)})"
        + (f"; not comparable: {_plain(r.caveat)}" if r.caveat else "")
        for r in section.references
    ]
    parts = [
        f"# {_plain(section.title)}",
        "\n".join(f"- {name}: {_plain(words)}" for name, words in section.facts.items()),
        *map(_plain, section.remarks),
        table(("number", "score [95 % interval]", *map(_plain, names)), rows),
        f"## Each label\n\n{table(head, labels)}" if labels else "",
        _left_out(section),
        "\n".join(("## Numbers of others\n", *others)) if others else "",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _left_out(section: Section) -> str:
    lines = []
    for reason, count in section.left_out.items():
        first = ", ".join(section.named.get(reason, ()))
        lines.append(f"- {_plain(reason)}: {count}" + (f" ({_plain(first)})" if first else ""))
    return "\n".join(("## Left out or counted otherwise\n", *lines)) if lines else ""


def _plain(text: str) -> str:
    """Text that Markdown shows as it stands: on one line, no markup, no table borders."""
    line = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in line)
