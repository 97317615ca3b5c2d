"""Two answers side by side for a person at a terminal."""

from collections.abc import Iterable
from pathlib import Path

from rich.table import Table
from rich.text import Text

from affect_llm.comparison import AnswerComparison
from affect_llm.report.compare_words import differences, probabilities, rows_of
from affect_llm.report.terminal import PipedConsole, harmless, sentence_line
from affect_llm.report.words import NOTICE
from affect_llm.types import EmotionResult


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
        for line in _explanation(name, result, media):
            console.print(harmless(line))
    for line in _differences(compared):
        console.print(harmless(line))
    console.print(Text(f"\n{NOTICE}", style="dim"))


def _table(compared: AnswerComparison) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("", *compared.names):
        table.add_column(harmless(Text(title)), overflow="fold")
    for row in rows_of(compared):
        table.add_row(*_cells(row, row[1] != row[2]))
    for label, first, second in probabilities(compared):
        table.add_row(*_cells((f"p({label})", f"{first:.2f}", f"{second:.2f}"), False))
    return table


def _cells(row: Iterable[str], differs: bool) -> list[Text]:
    name, *cells = row
    style = "yellow" if differs else ""
    return [harmless(Text(name, "dim")), *(harmless(Text(cell, style)) for cell in cells)]


def _explanation(name: str, result: EmotionResult, media: Path | None) -> list[Text]:
    lines = [sentence_line(sentence, media) for sentence in result.explanation]
    return [Text(f"\n{name}:", "bold"), *(lines or [Text("  (no explanation)", "dim")])]


def _differences(compared: AnswerComparison) -> list[Text]:
    lines = [Text("\nDifferences:", "bold"), *(Text(f"  • {d}") for d in differences(compared))]
    for pair in compared.contradictions:
        cues = ", ".join(pair.cue_ids)
        lines.append(Text(f"  ! On {cues} they contradict each other ({pair.about}):", "yellow"))
        lines += [Text(f"      {pair.first}"), Text(f"      {pair.second}")]
    return lines
