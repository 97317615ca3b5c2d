"""A result in words, the same at the terminal, in the report and on the web page."""

import json
from dataclasses import dataclass

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.cues.scales import LIKELIHOOD
from affect_llm.types import Conflict, Cue, EmotionResult, Sentence, TimeSpan

NOTICE = (
    "This says what cues suggest, not what a person feels. "
    "It is not for decisions about people at work or in education."
)
_MARKS = {
    "supported": "",
    "contradicted": "its evidence says otherwise",
    "unsupported": "nothing it cites backs this",
}


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """The answer in a headline and a line below it; `given` is false where there is none."""

    headline: str
    detail: str
    given: bool
    label: str | None = None


def verdict_of(result: EmotionResult) -> VerdictWords:
    """The verdict in words, or that there is not enough evidence, or no readable answer."""
    if result.abstained and not result.labels:
        return VerdictWords("Not enough evidence", "There is nothing to go by.", False)
    if result.unparsed is not None or not result.labels:
        why = result.unparsed or "it names no label"
        return VerdictWords("No answer", f"The model's answer could not be read: {why}", False)
    label, level = result.labels[0], confidence_words(result)
    if result.abstained:
        least = result.provenance.settings.get("abstain_below")
        asked = f"{least:.2f}" if isinstance(least, int | float) else "more"
        detail = f"The closest label, {label}, is {level}; {asked} was asked for."
        return VerdictWords("Not enough evidence", detail, False)
    others = f"; also {', '.join(result.labels[1:])}" if len(result.labels) > 1 else ""
    return VerdictWords(f"Cues suggest {label}", f"{level}{others}", True, label)


def confidence_words(result: EmotionResult) -> str:
    """The confidence as "likely (0.72)", and whether nobody has calibrated the number."""
    if result.confidence is None:
        return "of unknown confidence"
    note = "" if result.provenance.calibrated else ", not calibrated"
    return f"{LIKELIHOOD.word(result.confidence)} ({result.confidence:.2f}{note})"


def mark_of(sentence: Sentence) -> str:
    """Why a sentence is not to be read as fact; empty for a supported one."""
    mark = _MARKS[sentence.support]
    return f"{mark}: {sentence.problem}" if mark and sentence.problem else mark


def describe(cue: Cue) -> str:
    """A cue as a phrase: "lip corner puller (AU12), marked"; the quoted words for words."""
    if isinstance(cue.value, str):
        return f"“{' '.join(cue.value.split())}”"
    word = word_of(cue)
    kind = kind_of(cue.name)
    phrase = f"{kind.phrase} ({kind.code})" if kind.code else kind.phrase
    return phrase if word is None else f"{phrase}, {word}"


def quantity(cue: Cue) -> str:
    """A cue's value with its unit: "212 Hz", "3.2 of 5", "12°"; empty for words and scenes."""
    if isinstance(cue.value, str):
        return ""
    unit = kind_of(cue.name).measured_in
    if unit.percent:
        return f"{100 * cue.value:.0f} %"
    return f"{number(cue.value)}{f' {unit.name}' if unit.report is None else unit.report}"


def number(value: float) -> str:
    """A number with as many digits as can be told apart: "212", "34.1", "0.08"."""
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{decimals}f}"


def conflict_words(conflict: Conflict) -> str:
    """Whether the modalities agree, in a sentence; empty where nothing is known."""
    if not conflict.present:
        return ""
    names = " and ".join(str(m) for m in conflict.between) or "the modalities"
    score = "" if conflict.score is None else f" ({conflict.score:.2f} on a scale from 0 to 1)"
    return f"{names} point different ways{score}"


def clock(seconds: float) -> str:
    """A time as "0:03.2", "12:40.0" or "1:02:03.5"."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{rest // 10:02d}.{rest % 10}"


def span_words(span: TimeSpan) -> str:
    """A span as "0:03.2-0:05.0", or one time for a moment."""
    start, end = clock(span.start_s), clock(span.end_s)
    return start if start == end else f"{start}–{end}"


def baseline_words(cue: Cue) -> str:
    """What a cue's value is compared with, and how far it is away; empty without a baseline."""
    if cue.baseline is None:
        return ""
    whose = "this speaker" if cue.baseline.kind == "speaker" else cue.baseline.source
    level = f"{number(cue.baseline.mean)} ± {number(cue.baseline.sd)}"
    away = "" if cue.deviation is None else f", {cue.deviation:+.1f} sd"
    return f"{level} ({whose}){away}"


def settings_words(result: EmotionResult) -> str:
    """The settings of the run as one line of JSON."""
    return json.dumps(result.provenance.settings, sort_keys=True, default=str)
