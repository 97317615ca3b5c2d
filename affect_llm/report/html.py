"""One self-contained page of answers: no request leaves it, and only its own script runs on it."""

from collections.abc import Sequence
from pathlib import Path

from affect_llm.report.entry import ReportEntry
from affect_llm.report.pages import page
from affect_llm.report.words import NOTICE


def render_report(entries: Sequence[ReportEntry], folder: Path) -> str:
    """The page of all `entries`, a section each.

    Args:
        entries: outcomes with their files; small files are written into the page.
        folder: where the page will lie; larger files are linked relative to it.
    """
    title = entries[0].name if len(entries) == 1 else f"{len(entries)} clips"
    return page(
        "report.html",
        title=f"{title}, explained by affect_llm",
        style="report.css",
        script="report.js",
        notice=NOTICE,
        entries=entries,
        folder=folder,
    )
