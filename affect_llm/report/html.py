"""Self-contained pages of answers: no request leaves them, and only their own script runs there."""

from collections.abc import Sequence
from pathlib import Path

from affect_llm.comparison import AnswerComparison
from affect_llm.report.entry import ReportEntry
from affect_llm.report.pages import page
from affect_llm.report.player import medium_of
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


def comparison_report(compared: AnswerComparison, media: Path | None, folder: Path) -> str:
    """The page of a comparison.

    Args:
        compared: two answers for one clip.
        media: the clip's file; a small one is written into the page.
        folder: where the page will lie; a larger file is linked relative to it.
    """
    first, second = compared.names
    return page(
        "comparison.html",
        title=f"{first} and {second} on {compared.first.clip_name}, explained by affect_llm",
        style="report.css",
        script="report.js",
        notice=NOTICE,
        compared=compared,
        medium=medium_of(media, folder),
    )
