"""What the answer for the clip itself says, in sentences of ours and in no model's words."""

from collections.abc import Callable
from itertools import groupby

from affect_llm.cues.wording import LIKELIHOOD
from affect_llm.prompting.explain.nouns import noun, same
from affect_llm.prompting.questions.relevance import in_reach
from affect_llm.prompting.questions.stance import speaking_for
from affect_llm.prompting.questions.topic import Topic
from affect_llm.types import Absence, EmotionResult, Modality, WindowVerdict
from affect_llm.types.asking import Fact

_CALLED = {Modality.TEXT: "the words", Modality.AUDIO: "the voice", Modality.VISUAL: "the face"}
_LISTED, _STRETCHES = 5, 8
_OF_INTENT = {
    "verdict": ("verdict", "modalities"),
    "against": ("verdict", "distribution"),
    "sure": ("confidence", "distribution"),
    "missing": ("missing",),
    "conflict": ("modalities",),
    "change": ("windows",),
    "affect": ("affect",),
    "summary": ("verdict",),
    "people": ("people",),
    "length": ("length",),
    "origin": ("origin",),
}


def facts_of(result: EmotionResult) -> tuple[Fact, ...]:
    """Every fact that the answer has, numbered A1, A2 … in a fixed order."""
    told = [(about, text) for about, tell in _TELL.items() for text in tell(result)]
    return tuple(
        Fact(id=f"A{n}", about=about, text=text) for n, (about, text) in enumerate(told, 1)
    )


def stated(facts: tuple[Fact, ...], topic: Topic, result: EmotionResult) -> tuple[Fact, ...]:
    """The facts that a topic is about, which are told whatever a model chooses to say."""
    about = {name for intent in topic.intents for name in _OF_INTENT.get(intent, ())}
    if "change" in topic.intents and topic.kinds:
        about.discard("windows")
    wanted = [f for f in facts if f.about in about and _touches(f, topic)]
    if topic.spans and "verdict" in topic.intents and result.windows:
        wanted += [f for f in facts if f.about == "windows"]
    own = [f for emotion in topic.emotions for f in _of_emotion(topic, result, emotion)]
    return (*own, *(f for f in wanted if not (own and f.about == "distribution")))


def _touches(fact: Fact, topic: Topic) -> bool:
    """What is missing is told of the channel asked for, where one is named."""
    if fact.about != "missing" or not topic.modalities or ":" not in fact.text:
        return True
    return any(f"({m})" in fact.text for m in topic.modalities)


def _of_emotion(topic: Topic, result: EmotionResult, emotion: str) -> list[Fact]:
    """How probable an emotion is beside the verdict, and that nothing speaks for it if so."""
    within = in_reach(topic, result.sheet).cues
    if not speaking_for(within, emotion, result):
        which = (
            "No cue of this clip"
            if len(within) == len(result.sheet.cues)
            else "No cue in what is asked about"
        )
        bare = Fact(about="nothing", text=f"{which} speaks for {noun(emotion)}.")
        return [*_probability(result, emotion), bare]
    return _probability(result, emotion)


def _probability(result: EmotionResult, emotion: str) -> list[Fact]:
    label = next((known for known in result.label_set if same(known, emotion)), None)
    if label is None:
        known = ", ".join(result.label_set)
        text = f"{noun(emotion).capitalize()} is not among the labels offered: {known}."
        return [Fact(about="nothing", text=text)]
    if not result.distribution:
        return []
    p = result.distribution[label]
    text = f"As a label, {noun(label)} is {LIKELIHOOD.word(p)} ({p:.2f})."
    return [Fact(about="distribution", text=text)]


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
    told = ", ".join(f"{label} {p:.2f}" for label, p in ranked[:_LISTED])
    rest = ranked[_LISTED:]
    more = f"; the other {len(rest)} have {sum(p for _, p in rest):.2f} together" if rest else ""
    return [f"The probabilities are {told}{more}."]


def _modalities(result: EmotionResult) -> list[str]:
    verdicts = result.modality_verdicts
    if not verdicts:
        return []
    told = [f"{_CALLED.get(m, str(m))} by {_self(m)} suggest{_s(m)} {noun(v)}"
            for m, v in verdicts.items()]  # fmt: skip
    first = _sentence("; ".join(told))
    if len(verdicts) == 1:
        return [first, "There are no other channels that could agree or disagree."]
    names = " and ".join(_CALLED.get(m, str(m)) for m in result.conflict.between)
    apart = f"{names} point different ways." if result.conflict.present else "They agree."
    return [first, _sentence(apart.removesuffix("."))]


def _self(modality: Modality) -> str:
    return "themselves" if modality == Modality.TEXT else "itself"


def _s(modality: Modality) -> str:
    return "" if modality == Modality.TEXT else "s"


def _affect(result: EmotionResult) -> list[str]:
    if result.valence is None or result.arousal is None:
        return []
    return [
        f"Valence is put at {result.valence:+.1f} and arousal at {result.arousal:+.1f}, "
        "on scales from -1 to 1."
    ]


def _windows(result: EmotionResult) -> list[str]:
    if not result.windows:
        return ["The clip was answered as a whole, not window by window."]
    runs = [list(run) for _, run in groupby(result.windows, key=lambda w: w.label)]
    told = [_stretch(run) for run in runs[:_STRETCHES]]
    left = len(runs) - len(told)
    return [*told, *([f"There are {left} more stretches after that."] if left else [])]


def _stretch(run: list[WindowVerdict]) -> str:
    start, end = run[0].span.start_s, run[-1].span.end_s
    label = "nothing certain" if run[0].label is None else noun(run[0].label)
    return f"From {start:.1f} to {end:.1f} s the cues suggest {label}."


def _missing(result: EmotionResult) -> list[str]:
    if not result.sheet.absent:
        return ["Nothing that was looked for is missing."]
    return [_absence(absence) for absence in result.sheet.absent]


def _absence(absence: Absence) -> str:
    name = f"{absence.family} ({absence.modality})" if absence.family else f"({absence.modality})"
    state = absence.state.replace("_", " ")
    reason = " ".join(absence.reason.split()).rstrip(".")
    name = name if absence.family else f"The {absence.modality} channel {name}"
    return f"{name[0].upper()}{name[1:]} is {state}: {reason}."


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


_TELL: dict[str, Callable[[EmotionResult], list[str]]] = {
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
