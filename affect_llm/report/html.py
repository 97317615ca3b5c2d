"""One self-contained page: no request leaves it, and nothing on it is run but its own script."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from string import Template

from affect_llm.pipeline import Failure
from affect_llm.report.entry import Entry
from affect_llm.report.html_answer import affect_plane, distribution, sentences, verdict
from affect_llm.report.html_evidence import cue_table, missing, provenance, transcript
from affect_llm.report.html_timeline import timeline
from affect_llm.report.markup import Attributes, Html, element, joined
from affect_llm.report.player import player
from affect_llm.report.words import NOTICE, clock, verdict_of
from affect_llm.types import EmotionResult

_ASSETS = files("affect_llm.report") / "assets"


def render_report(entries: Sequence[Entry], folder: Path) -> str:
    """The page of all `entries`, a section each.

    Args:
        entries: outcomes with their files; small files are written into the page.
        folder: where the page will lie; larger files are linked relative to it.
    """
    answers = joined(_answer(entry, n, folder) for n, entry in enumerate(entries, 1))
    return framed(_title(entries), _contents(entries), answers)


def framed(title: str, contents: Html, answers: Html) -> str:
    """A whole page around its parts, with a policy that lets nothing in or out."""
    css, js = _asset("report.css"), _asset("report.js")
    return Template(_asset("page.html")).substitute(
        policy=_policy(css, js),
        title=joined((title,)),
        css=css,
        js=js,
        contents=contents,
        answers=answers,
        notice=joined((NOTICE,)),
    )


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _policy(css: str, js: str) -> Html:
    """Nothing from anywhere, but this very style sheet and this very script."""
    rules = (
        "default-src 'none'", "img-src data: 'self' file:", "media-src data: 'self' file:",
        f"style-src {_hash(css)}", f"script-src {_hash(js)}", "base-uri 'none'",
        "form-action 'none'",
    )  # fmt: skip
    return joined(("; ".join(rules),))


def _hash(source: str) -> str:
    return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"


def _title(entries: Sequence[Entry]) -> str:
    names = [_name(entry) for entry in entries]
    return names[0] if len(names) == 1 else f"{len(names)} clips"


def _name(entry: Entry) -> str:
    outcome = entry.outcome
    return outcome.name if isinstance(outcome, Failure) else outcome.clip_name


def _contents(entries: Sequence[Entry]) -> Html:
    if len(entries) < 2:
        return Html("")
    items = (
        element("li", {}, element("a", {"href": f"#answer-{n}"}, _name(entry)), _brief(entry))
        for n, entry in enumerate(entries, 1)
    )
    return element("nav", {"aria-label": "Clips"}, element("ol", {}, *items))


def _brief(entry: Entry) -> Html:
    outcome = entry.outcome
    words = "not explained" if isinstance(outcome, Failure) else verdict_of(outcome).headline
    return element("span", {}, words)


def _answer(entry: Entry, n: int, folder: Path) -> Html:
    outcome = entry.outcome
    if isinstance(outcome, Failure):
        words = element("p", {"class": "failure"}, outcome.message)
        return element("article", {"id": f"answer-{n}"}, heading(outcome.name, ""), words)
    length = clock(outcome.duration_s) if outcome.duration_s else ""
    attributes: Attributes = {"id": f"answer-{n}", "data-duration": outcome.duration_s}
    return element(
        "article", attributes, heading(outcome.clip_name, length), _body(outcome, entry, folder)
    )


def heading(name: str, length: str) -> Html:
    """The top of an article: the clip's name and its length."""
    return element("header", {}, element("h1", {}, name), element("span", {}, length))


def _body(result: EmotionResult, entry: Entry, folder: Path) -> Html:
    shown = player(entry.media, folder)
    left = element("div", {"class": "seen"}, shown, transcript(result))
    right = element(
        "div", {"class": "read"}, verdict(result), element("h3", {}, "Why"), sentences(result)
    )
    title = "Evidence over time" if result.duration_s else "Evidence"
    lanes = element("section", {"class": "time"}, element("h3", {}, title), timeline(result))
    numbers = element("div", {"class": "numbers"}, distribution(result), affect_plane(result),
                      missing(result))  # fmt: skip
    stage = element("div", {"class": "stage" if shown else "stage alone"}, left, right)
    return joined((stage, lanes, numbers, cue_table(result), provenance(result)))
