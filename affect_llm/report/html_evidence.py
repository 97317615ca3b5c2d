"""What stands behind the answer: cues with their passports, what is missing, the words, the run."""

import json

from affect_llm.report.markup import Attributes, Html, element
from affect_llm.report.words import describe, number, quantity, span_words
from affect_llm.types import Absence, Cue, EmotionResult, TranscriptSegment

_OPEN_UP_TO = 40
_COLUMNS = ("Cue", "What", "Value", "Compared with", "When", "Sure", "Who", "Measured by")


def cue_table(result: EmotionResult) -> Html:
    """Every cue with its passport."""
    cues = result.sheet.cues
    if not cues:
        return Html("")
    head = element("tr", {}, *(element("th", {"scope": "col"}, c) for c in _COLUMNS))
    table = element(
        "table", {}, element("thead", {}, head), element("tbody", {}, *(_cue(c) for c in cues))
    )
    opened = {"class": "fold", "open": "" if len(cues) <= _OPEN_UP_TO else None}
    summary = element("summary", {}, f"All evidence and where it comes from ({len(cues)})")
    scroller = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "All cues"}
    return element("details", opened, summary, element("div", scroller, table))


def _cue(cue: Cue) -> Html:
    timed = cue.span.end_s > 0
    button = element(
        "button",
        {
            "type": "button", "class": f"id {cue.modality}", "data-cues": cue.id,
            "data-start": cue.span.start_s if timed else None,
            "data-end": cue.span.end_s if timed else None,
        },
        cue.id,
    )  # fmt: skip
    cells = (
        describe(cue), quantity(cue), _baseline(cue), span_words(cue.span) if timed else "",
        f"{cue.confidence:.2f}", cue.person or "", cue.source,
    )  # fmt: skip
    named = {"class": "row", "data-row": cue.id}
    return element(
        "tr", named, element("td", {}, button), *(element("td", {}, cell) for cell in cells)
    )


def _baseline(cue: Cue) -> str:
    if cue.baseline is None:
        return ""
    whose = "this speaker" if cue.baseline.kind == "speaker" else cue.baseline.source
    level = f"{number(cue.baseline.mean)} ± {number(cue.baseline.sd)}"
    away = "" if cue.deviation is None else f", {cue.deviation:+.1f} sd"
    return f"{level} ({whose}){away}"


def missing(result: EmotionResult) -> Html:
    """What is not there, why, and how to get it."""
    if not result.sheet.absent:
        return Html("")
    items = (_absence(absence) for absence in result.sheet.absent)
    return element("section", {"class": "missing"}, element("h3", {}, "What is missing"),
                   element("ul", {}, *items))  # fmt: skip


def _absence(absence: Absence) -> Html:
    name = absence.family or str(absence.modality)
    state = absence.state.replace("_", " ")
    remedy = element("code", {}, absence.remedy) if absence.remedy else Html("")
    return element(
        "li",
        {"class": str(absence.modality)},
        element("b", {}, name),
        f" {state}: {absence.reason} ",
        remedy,
    )


def transcript(result: EmotionResult) -> Html:
    """The words with their times."""
    if not result.transcript:
        return Html("")
    lines = (_segment(segment) for segment in result.transcript)
    return element("section", {"class": "transcript"}, element("h3", {}, "Words"),
                   element("ul", {}, *lines))  # fmt: skip


def _segment(segment: TranscriptSegment) -> Html:
    if segment.span.end_s <= 0:
        return element("li", {}, segment.text)
    attributes: Attributes = {
        "type": "button", "class": "line", "data-cues": "",
        "data-start": segment.span.start_s, "data-end": segment.span.end_s,
    }  # fmt: skip
    time = element("time", {}, span_words(segment.span))
    return element("li", {}, element("button", attributes, time, segment.text))


def provenance(result: EmotionResult) -> Html:
    """Enough to replay the answer, and the model's raw words."""
    facts = (
        ("affect_llm", result.provenance.affect_llm),
        ("Model", result.provenance.model),
        ("Prompt", result.provenance.prompt),
        ("Calibrated", "yes" if result.provenance.calibrated else "no"),
        ("Extractors", ", ".join(result.provenance.extractors) or "none"),
        ("Clip (sha256)", result.clip_id),
        ("Labels offered", ", ".join(result.label_set)),
        ("Settings", json.dumps(result.provenance.settings, sort_keys=True, default=str)),
    )
    rows = (
        element("div", {}, element("dt", {}, name), element("dd", {}, value))
        for name, value in facts
    )
    return element(
        "details",
        {"class": "fold provenance"},
        element("summary", {}, "How this answer was made"),
        element("dl", {}, *rows),
        element("h4", {}, "The model's own words, unparsed"),
        element("pre", {"tabindex": "0"}, result.raw),
    )
