"""Two answers side by side as one self-contained page."""

from pathlib import Path

from affect_llm.comparison import AnswerComparison
from affect_llm.report.pages import page
from affect_llm.report.player import medium_of
from affect_llm.report.words import NOTICE


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
