"""Claims about emotions: what face, voice and words suggest, and what a cue speaks for."""

from affect_llm.cues.catalogue import EMOTIONS
from affect_llm.labels.canonical import canonical
from affect_llm.prompting.checker.associations import GROUPS, leaning, prototype
from affect_llm.prompting.checker.findings import HOLDS, Cited, Finding
from affect_llm.prompting.checker.levels import bears_out
from affect_llm.prompting.checker.mentions import Mention
from affect_llm.types import Cue, Modality

_LEANS, _LEANS_CLEARLY = 0.2, 0.45
_PREFIX = {Modality.VISUAL: "face.", Modality.AUDIO: "voice."}


def matches(emotion: str, other: str) -> bool:
    """Whether two labels may stand for one another: "joy" and "happiness", "joy" and "positive"."""
    one, two = (canonical(name) or name.lower() for name in (emotion, other))
    return one == two or two in GROUPS.get(one, ()) or one in GROUPS.get(two, ())


def judged(mention: Mention, cited: Cited) -> Finding:
    """Whether the cited cues bear out what is said of an emotion."""
    if mention.stance == "opposes":
        return _opposed(mention.emotion, cited)
    if mention.stance == "suggests":
        return _suggested(mention, cited)
    return _attributed(mention, cited)


def _attributed(mention: Mention, cited: Cited) -> Finding:
    """The score of that very emotion must bear out "anger in the voice is likely"."""
    wanted = mention.modalities or tuple(m for m in _PREFIX if cited.of(m))
    scores = [(m, c) for m in wanted for c in _scores(m, mention.emotion, cited)]
    if not scores:
        return _without_score(mention, cited)
    for modality, cue in scores:
        level, degree = mention.likelihood(modality)
        if bears_out(cue, level, degree, mention.negated):
            continue
        if mention.modalities or len(scores) == 1:
            return Finding("contradicted", f"{cue.id} does not bear out {mention.emotion}")
    return HOLDS


def _scores(modality: Modality, emotion: str, cited: Cited) -> list[Cue]:
    name = _PREFIX.get(modality, "none.") + (canonical(emotion) or emotion)
    return [cue for cue in cited.cues if cue.name == name]


def _without_score(mention: Mention, cited: Cited) -> Finding:
    audible = [m for m in mention.modalities if m in _PREFIX]
    if mention.likely and audible and (canonical(mention.emotion) or "") in EMOTIONS:
        return Finding("unsupported", f"no cited cue scores {mention.emotion} there")
    if mention.negated:
        return _opposed(mention.emotion, cited)
    heard = [c for m in audible for c in cited.of(m)]
    if heard and max(leaning(c, mention.emotion) for c in heard) >= _LEANS:
        return HOLDS
    return _suggested(mention, cited)


def _suggested(mention: Mention, cited: Cited) -> Finding:
    emotion = mention.emotion
    if mention.modalities and mention.bare:
        failing = [m for m in mention.modalities if not _verdict_holds(m, emotion, cited)]
        enough = 0 if mention.stance else len(mention.modalities) - 1
        return _unlike(failing[0], emotion) if len(failing) > enough else HOLDS
    if all(cue.modality == Modality.TEXT for cue in cited.cues):
        return HOLDS if _verdict_holds(Modality.TEXT, emotion, cited) else _unlike("text", emotion)
    return _interpreted(emotion, cited)


def _unlike(modality: str, emotion: str) -> Finding:
    return Finding("contradicted", f"the {modality} evidence does not suggest {emotion}")


def _verdict_holds(modality: Modality, emotion: str, cited: Cited) -> bool:
    """Whether a modality by itself suggests an emotion: by its verdict, or by its cues."""
    verdict = cited.verdicts.get(modality)
    if verdict is not None and matches(emotion, verdict):
        return True
    if modality == Modality.TEXT:
        return verdict is None and (cited.label is None or matches(emotion, cited.label))
    cues = cited.of(modality)
    needed = _LEANS if verdict is None else 2 * _LEANS_CLEARLY
    return any(leaning(cue, emotion) >= needed for cue in cues)


def _interpreted(emotion: str, cited: Cited) -> Finding:
    """A cue "fits" the answer's label, its own modality's verdict, or what it leans to."""
    leanings = [leaning(c, emotion) for c in cited.cues if c.modality != Modality.TEXT]
    if leanings and max(leanings) <= -_LEANS_CLEARLY:
        return Finding("contradicted", f"the cited cues speak against {emotion}")
    told = (cited.verdicts.get(m, cited.label) for m in Modality if cited.of(m))
    expected = [verdict for verdict in told if verdict]
    if any(matches(emotion, e) for e in expected) or max(leanings, default=0.0) >= _LEANS:
        return HOLDS
    if prototype(emotion) is None and not expected:
        return HOLDS
    return Finding("unsupported", f"nothing that is cited suggests {emotion}")


def _opposed(emotion: str, cited: Cited) -> Finding:
    """What is said to speak against an emotion must not plainly speak for it."""
    leanings = [leaning(c, emotion) for c in cited.cues]
    text = cited.verdicts.get(Modality.TEXT)
    wordy = all(c.modality == Modality.TEXT for c in cited.cues)
    if (wordy and text and matches(emotion, text)) or min(leanings) >= _LEANS_CLEARLY:
        return Finding("contradicted", f"the cited cues speak for {emotion}")
    return HOLDS
