"""Evaluations as tables on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from affect_llm.evaluation.comparison import Comparison
from affect_llm.evaluation.results_page import bracketed, number
from affect_llm.report.eval_comparison import HEADINGS, difference_row
from affect_llm.report.eval_content import Section


def print_sections(sections: Sequence[Section]) -> None:
    """Print the numbers of evaluations beside their baselines, one below the other."""
    console = Console()
    for section in sections:
        console.print(escape(section.title), style="bold", highlight=False)
        for name, words in section.facts.items():
            console.print(f"{name}: {escape(words)}", highlight=False)
        console.print(_score_table(section))
        for reason, count in section.left_out.items():
            console.print(f"{escape(reason)}: {count}", highlight=False)


def _score_table(section: Section) -> Table:
    """Where it is narrow the names of numbers break between words; no word is broken."""
    rows = section.plotted
    table = Table(box=None, pad_edge=False)
    table.add_column("number", overflow="fold")
    table.add_column(escape("score [95 % interval]"), no_wrap=True)
    columns = [[row.name for row in rows], [bracketed(row.value, row.interval) for row in rows]]
    for name in section.baseline_names:
        if name not in rows[0].baselines:
            continue  # a trivial answer that the main number does not have would only cost width
        heading = name.removesuffix(" predictions")
        cells = [number(row.baselines.get(name)) for row in rows]
        longest_word = max(len(word) for text in (heading, *cells) for word in text.split())
        table.add_column(escape(heading), width=longest_word, overflow="fold")
        columns.append(cells)
    for cells_of_row in zip(*columns, strict=True):
        table.add_row(*map(escape, cells_of_row))
    return table


def print_comparisons(comparisons: Sequence[Comparison]) -> None:
    """Print every difference of comparisons, one comparison below the other."""
    console = Console()
    for compared in comparisons:
        title = f"{compared.task}: {compared.first} minus {compared.second}"
        console.print(escape(title), style="bold", highlight=False)
        about = f"{compared.n:,} items in {compared.group_count:,} groups ({compared.groups})"
        console.print(escape(about), highlight=False)
        table = Table(box=None, pad_edge=False)
        for heading in HEADINGS:
            table.add_column(escape(heading), overflow="fold")
        for difference in compared.differences:
            table.add_row(*map(escape, difference_row(difference)))
        console.print(table)
