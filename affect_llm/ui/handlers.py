"""The handlers of the web page as plain functions, without gradio."""

from functools import lru_cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from affect_llm.config import Settings, load_settings
from affect_llm.errors import AffectError, ConfigError
from affect_llm.labels.sets import label_set
from affect_llm.pipeline import Failure, Pipeline, Source
from affect_llm.report.entry import ReportEntry
from affect_llm.report.html import render_report
from affect_llm.report.player import EMBED_BYTES
from affect_llm.report.words import describe, quantity, span_words, verdict_of
from affect_llm.types import EmotionResult

TABLE = ("Cue", "What", "Value", "When", "Confidence", "Who", "Measured by")


class Shown(NamedTuple):
    """An answer as the page shows it: a message, cue rows as in `TABLE`, and a report's frame."""

    message: str
    rows: list[list[str]]
    frame: str


def explain(file: str | None, text: str, labels: str, reasoner: str, language: str) -> Shown:
    """Explain a file, a text, or a file with its words; a mistake becomes a message.

    Args:
        file: a local path, or None.
        text: what was typed; blank for nothing.
        labels: a label set's name or a comma list.
        reasoner: a reasoner's name.
        language: a language code, or blank.
    """
    try:
        if file is None and not text.strip():
            raise ConfigError("Drop a clip or type a text first.")
        source = Source(path=Path(file) if file else None, text=text if text.strip() else None)
        settings = load_settings(
            labels=labels, reasoner=reasoner, language=language.strip() or None
        )
        label_set(settings.labels)
        outcome = next(iter(_pipeline(settings).run([source])))
    except AffectError as error:
        return _problem(str(error))
    if isinstance(outcome, Failure):
        return _problem(outcome.message)
    return _shown(outcome, source.path)


@lru_cache(maxsize=1)
def _pipeline(settings: Settings) -> Pipeline:
    """The pipeline of the last settings, so that a model is loaded once."""
    return Pipeline(settings)


def _problem(sentence: str) -> Shown:
    return Shown(f"**That did not work.** {plain(sentence)}", [], "")


def _shown(result: EmotionResult, path: Path | None) -> Shown:
    verdict = verdict_of(result)
    rows = [
        [c.id, describe(c), quantity(c), span_words(c.span) if c.span.end_s else "",
         f"{c.confidence:.2f}", c.person or "", c.source]
        for c in result.sheet.cues
    ]  # fmt: skip
    message = f"**{plain(verdict.headline)}**: {plain(verdict.detail)}"
    return Shown(message, rows, frame(result, path))


def frame(result: EmotionResult, path: Path | None) -> str:
    """The report in a frame of its own that can reach nothing on this page.

    A file too large to be embedded is left out: a frame has nothing to link to.
    """
    small = path is not None and path.is_file() and path.stat().st_size <= EMBED_BYTES
    page = render_report([ReportEntry(result, path if small else None)], Path())
    return (
        '<iframe title="Report" sandbox="allow-scripts" referrerpolicy="no-referrer" '
        'style="width:100%;height:90vh;border:0;border-radius:12px" '
        f'srcdoc="{escape(page)}"></iframe>'
    )


def plain(words: str) -> str:
    """`words` with what Markdown and HTML would act on escaped."""
    line = " ".join(words.split())
    return "".join(f"&#{ord(c)};" if c in "<>&*_`[]()#!|~\\\"'$" else c for c in line)
