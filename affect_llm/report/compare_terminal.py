"""Two answers side by side for a person at a terminal."""

from pathlib import Path

from rich.table import Table
from rich.text import Text

from affect_llm.comparison import AnswerComparison
from affect_llm.report.compare_words import differences, probabilities, rows_of
from affect_llm.report.terminal import PipedConsole, harmless, sentence_line
from affect_llm.report.words import NOTICE


def print_comparison(compared: AnswerComparison, media: Path | None) -> None:
    """Print two answers, their explanations and their differences.

    Args:
        compared: what to print.
        media: the clip's file, which times link to where the terminal follows links.
    """
    console = PipedConsole(highlight=False)
    console.print(harmless(Text(compared.first.clip_name, "bold")))
    console.print(_table(compared))
    for name, result in zip(compared.names, (compared.first, compared.second), strict=True):
        console.print(harmless(Text(f"\n{name}:", "bold")))
        lines = [sentence_line(sentence, media) for sentence in result.explanation]
        for line in lines or [Text("  (no explanation)", "dim")]:
            console.print(harmless(line))
    lines = [Text("\nDifferences:", "bold"), *(Text(f"  • {d}") for d in differences(compared))]
    for pair in compared.contradictions:
        cues = ", ".join(pair.cue_ids)
        lines.append(Text(f"  ! On {cues} they contradict each other ({pair.about}):", "yellow"))
        lines += [Text(f"      {pair.first}"), Text(f"      {pair.second}")]
    for line in lines:
        console.print(harmless(line))
    console.print(Text(f"\n{NOTICE}", style="dim"))


def _table(compared: AnswerComparison) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("", *compared.names):
        table.add_column(harmless(Text(title)), overflow="fold")
    rows = [(*row, row[1] != row[2]) for row in rows_of(compared)]
    for label, p, q in probabilities(compared):
        rows.append((f"p({label})", f"{p:.2f}", f"{q:.2f}", False))
    for name, first, second, differs in rows:
        cells = (harmless(Text(cell, "yellow" if differs else "")) for cell in (first, second))
        table.add_row(harmless(Text(name, "dim")), *cells)
    return table
