"""Sentences of ours about an answer: what it is, how sure, by what, and what was missing."""

from collections.abc import Callable
from itertools import groupby

from affect_llm.cues.scales import LIKELIHOOD
from affect_llm.prompting.explain.nouns import noun
from affect_llm.types import EmotionResult, Modality

_CALLED = {Modality.TEXT: "the words", Modality.AUDIO: "the voice", Modality.VISUAL: "the face"}
_LISTED, _STRETCHES = 5, 8
"""Labels and stretches that a sentence lists before it sums up the rest."""


def _verdict(result: EmotionResult) -> list[str]:
    if not result.labels:
        unread = "The answer for the clip could not be read, so it has no label."
        return [unread if result.unparsed else "There is nothing to go by in this clip."]
    label = noun(result.labels[0])
    if result.abstained:
        return [f"There is not enough evidence for a label; the closest one is {label}."]
    return [f"The cues together suggest {label}."]


def _confidence(result: EmotionResult) -> list[str]:
    if not result.labels:
        return []
    label, p = noun(result.labels[0]), result.confidence
    if p is None:
        return ["This model gives no probabilities, so how sure it is cannot be said."]
    fitted = "calibrated on held-out data" if result.provenance.calibrated else "not calibrated"
    level = result.provenance.settings.get("abstain_below")
    short = f", less than the {level} asked for" if result.abstained and level else ""
    return [f"The label {label} is {LIKELIHOOD.word(p)} ({p:.2f}, {fitted}){short}."]


def _distribution(result: EmotionResult) -> list[str]:
    ranked = sorted((result.distribution or {}).items(), key=lambda pair: -pair[1])
    if not ranked:
        return []
    first = ", ".join(f"{label} {p:.2f}" for label, p in ranked[:_LISTED])
    rest = ranked[_LISTED:]
    more = f"; the other {len(rest)} have {sum(p for _, p in rest):.2f} together" if rest else ""
    return [f"The probabilities are {first}{more}."]


def _modalities(result: EmotionResult) -> list[str]:
    verdicts = result.modality_verdicts
    if not verdicts:
        return []
    clauses = []
    for m, verdict in verdicts.items():
        suggest = "themselves suggest" if m == Modality.TEXT else "itself suggests"
        clauses.append(f"{_CALLED.get(m, str(m))} by {suggest} {noun(verdict)}")
    first = _sentence("; ".join(clauses))
    if len(verdicts) == 1:
        return [first, "There are no other channels that could agree or disagree."]
    names = " and ".join(_CALLED.get(m, str(m)) for m in result.conflict.between)
    apart = f"{names} point different ways" if result.conflict.present else "They agree"
    return [first, _sentence(apart)]


def _affect(result: EmotionResult) -> list[str]:
    if result.valence is None or result.arousal is None:
        return []
    pair = f"Valence is put at {result.valence:+.1f} and arousal at {result.arousal:+.1f}"
    return [f"{pair}, on scales from -1 to 1."]


def _windows(result: EmotionResult) -> list[str]:
    if not result.windows:
        return ["The clip was answered as a whole, not window by window."]
    runs = [list(run) for _, run in groupby(result.windows, key=lambda w: w.label)]
    sentences = []
    for first, *_, last in ((*run, run[-1]) for run in runs[:_STRETCHES]):
        label = "nothing certain" if first.label is None else noun(first.label)
        span = f"From {first.span.start_s:.1f} to {last.span.end_s:.1f} s"
        sentences.append(f"{span} the cues suggest {label}.")
    left = len(runs) - len(sentences)
    return [*sentences, *([f"There are {left} more stretches after that."] if left else [])]


def _missing(result: EmotionResult) -> list[str]:
    sentences = []
    for a in result.sheet.absent:
        name = a.family or f"The {a.modality} channel"
        reason = " ".join(a.reason.split()).rstrip(".")
        state = a.state.replace("_", " ")
        sentences.append(_sentence(f"{name} ({a.modality}) is {state}: {reason}"))
    return sentences or ["Nothing that was looked for is missing."]


def _people(result: EmotionResult) -> list[str]:
    seen = sorted({cue.person for cue in result.sheet.cues if cue.person})
    if not seen:
        return ["Nobody was told apart in this clip."]
    return [f"Faces told apart: {len(seen)} ({', '.join(seen)})."]


def _length(result: EmotionResult) -> list[str]:
    if not result.duration_s:
        return ["This is a still or a text, without a length in seconds."]
    return [f"The clip lasts {result.duration_s:.1f} s."]


def _origin(result: EmotionResult) -> list[str]:
    by = ", ".join(result.provenance.extractors)
    return [f"The label is by {result.provenance.model}; the cues are by {by or 'no extractor'}."]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


TELLING: dict[str, Callable[[EmotionResult], list[str]]] = {
    "verdict": _verdict,
    "confidence": _confidence,
    "distribution": _distribution,
    "modalities": _modalities,
    "affect": _affect,
    "windows": _windows,
    "people": _people,
    "length": _length,
    "origin": _origin,
    "missing": _missing,
}
"""The sentences for whatever a fact is about, in the order of the prompt."""
