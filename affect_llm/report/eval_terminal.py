"""Evaluations as tables on a terminal."""

from collections.abc import Sequence

from affect_llm.evaluation.comparison import Comparison
from affect_llm.evaluation.results_page import bracketed, number
from affect_llm.report.eval_comparison import HEADINGS, difference_row
from affect_llm.report.eval_content import Section


def print_sections(sections: Sequence[Section]) -> None:
    """Print several evaluations, one below the other."""
    for section in sections:
        print_section(section)


def print_section(section: Section) -> None:
    """Print the numbers of an evaluation beside its baselines."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    # A trivial answer that the main number does not have would only cost width.
    names = [name for name in section.baseline_names if name in section.rows[0].baselines]
    console.print(escape(section.title), style="bold", highlight=False)
    for name, words in section.facts.items():
        console.print(f"{name}: {escape(words)}", highlight=False)
    table = Table(box=None, pad_edge=False)
    for heading in ("number", "score [95 % interval]"):
        table.add_column(escape(heading), no_wrap=True)
    for name in names:
        table.add_column(escape(name.removesuffix(" predictions")), overflow="fold")
    for row in section.plotted:
        cells = (row.name, bracketed(row.value, row.interval))
        beside = (number(row.baselines.get(name)) for name in names)
        table.add_row(*(escape(cell) for cell in cells), *beside)
    console.print(table)
    for reason, count in section.left_out.items():
        console.print(f"{escape(reason)}: {count}", highlight=False)


def print_comparisons(comparisons: Sequence[Comparison]) -> None:
    """Print several comparisons, one below the other."""
    for comparison in comparisons:
        print_comparison(comparison)


def print_comparison(comparison: Comparison) -> None:
    """Print every difference of a comparison on stdout."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    title = f"{comparison.task}: {comparison.first} minus {comparison.second}"
    console.print(escape(title), style="bold", highlight=False)
    about = f"{comparison.n:,} items in {comparison.group_count:,} groups ({comparison.groups})"
    console.print(escape(about), highlight=False)
    table = Table(box=None, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(escape(heading), overflow="fold")
    for difference in comparison.differences:
        table.add_row(*map(escape, difference_row(difference)))
    console.print(table)
