"""Two answers side by side as one self-contained page."""

from pathlib import Path

from affect_llm.comparison import AnswerComparison
from affect_llm.comparison.contradictions import Contradiction
from affect_llm.report.compare_words import differences, rows_of
from affect_llm.report.html import framed, heading
from affect_llm.report.html_answer import distribution, sentences, verdict
from affect_llm.report.html_evidence import cue_table, missing, provenance, transcript
from affect_llm.report.html_timeline import timeline
from affect_llm.report.markup import Attributes, Html, element, joined
from affect_llm.report.player import player
from affect_llm.report.words import clock
from affect_llm.types import EmotionResult


def comparison_report(compared: AnswerComparison, media: Path | None, folder: Path) -> str:
    """The page of a comparison.

    Args:
        compared: two answers for one clip.
        media: the clip's file; a small one is written into the page.
        folder: where the page will lie; a larger file is linked relative to it.
    """
    one = compared.first
    attributes: Attributes = {"id": "answer-1", "data-duration": one.duration_s}
    length = clock(one.duration_s) if one.duration_s else ""
    body = (
        heading(one.clip_name, length),
        element("div", {"class": "stage"}, *_sides(compared)),
        _part("Differences", _differences(compared)),
        _part("Side by side", _table(compared)),
        _part("Evidence over time" if one.duration_s else "Evidence", timeline(one)),
        element("div", {"class": "numbers"}, player(media, folder), transcript(one), missing(one)),
        cue_table(one),
        *(_run(name, result) for name, result in _named(compared)),
    )
    title = f"{compared.names[0]} and {compared.names[1]} on {one.clip_name}"
    return framed(title, Html(""), element("article", attributes, *body))


def _named(compared: AnswerComparison) -> list[tuple[str, EmotionResult]]:
    return list(zip(compared.names, (compared.first, compared.second), strict=True))


def _sides(compared: AnswerComparison) -> list[Html]:
    return [
        element("div", {"class": "read"}, element("h3", {}, name), verdict(result),
                element("h3", {}, "Why"), sentences(result), distribution(result))
        for name, result in _named(compared)
    ]  # fmt: skip


def _part(title: str, body: Html) -> Html:
    return element("section", {"class": "time"}, element("h3", {}, title), body)


def _differences(compared: AnswerComparison) -> Html:
    told = element("ul", {}, *(element("li", {}, one) for one in differences(compared)))
    if not compared.contradictions:
        return told
    pairs = element("ul", {}, *(_contradiction(pair) for pair in compared.contradictions))
    return joined((told, element("h4", {}, "Sentences that cannot both be true"), pairs))


def _contradiction(pair: Contradiction) -> Html:
    cues = f"{', '.join(pair.cue_ids)} ({pair.about}): "
    return element("li", {}, cues, element("q", {}, pair.first), " / ",
                   element("q", {}, pair.second))  # fmt: skip


def _table(compared: AnswerComparison) -> Html:
    head = element("tr", {}, *(element("th", {"scope": "col"}, c) for c in ("", *compared.names)))
    rows = (
        element("tr", {}, element("th", {"scope": "row"}, name),
                *(element("td", {}, cell) for cell in cells))
        for name, *cells in rows_of(compared)
    )  # fmt: skip
    table = element("table", {}, element("thead", {}, head), element("tbody", {}, *rows))
    scroller = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Side by side"}
    return element("div", scroller, table)


def _run(name: str, result: EmotionResult) -> Html:
    return joined((element("h3", {}, name), provenance(result)))
