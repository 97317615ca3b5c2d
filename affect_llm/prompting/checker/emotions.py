"""Claims about emotions: what face, voice and words suggest, and what a cue speaks for."""

from functools import lru_cache

from affect_llm.cues.catalogue import kind_of, kinds
from affect_llm.labels.canonical import canonical
from affect_llm.prompting.checker.associations import GROUPS, leaning, prototype
from affect_llm.prompting.checker.levels import bears_out
from affect_llm.prompting.checker.mentions import EmotionMention
from affect_llm.prompting.checker.rulings import HOLDS, Cited, Ruling, contradicted, unsupported
from affect_llm.types import Modality

LEANS, LEANS_CLEARLY = 0.2, 0.45
"""Leanings from which a cue may be said to fit an emotion, and from which it plainly does."""


def matches(emotion: str, other: str) -> bool:
    """Whether two labels may stand for one another: "joy" and "happiness", "joy" and "positive"."""
    one, two = (canonical(name) or name.lower() for name in (emotion, other))
    return one == two or two in GROUPS.get(one, ()) or one in GROUPS.get(two, ())


def judged(mention: EmotionMention, cited: Cited) -> Ruling:
    """Whether the cited cues, of the person that is named, bear out what is said of an emotion."""
    if not cited.cues:
        return unsupported("no cited cue is of the person that it names")
    if mention.stance == "opposes":
        return _opposed(mention.emotion, cited)
    if mention.stance == "suggests":
        return _suggested(mention, cited)
    # The score of that very emotion must bear out "anger in the voice is likely".
    emotion = canonical(mention.emotion) or mention.emotion
    cues = [(m, cue) for m in mention.modalities or scored_emotions() for cue in cited.of(m)]
    scores = [(modality, cue) for modality, cue in cues if kind_of(cue.name).score == emotion]
    if not scores:
        return _without_score(mention, cited)
    if mention.modalities or len(scores) == 1:
        for modality, cue in scores:
            if not bears_out(cue, *mention.likelihood(modality), mention.negated):
                return contradicted(f"{cue.id} does not bear out {mention.emotion}")
    return HOLDS


@lru_cache(maxsize=1)
def scored_emotions() -> dict[Modality, set[str]]:
    """The emotions that the cues of a modality can score, where there are any."""
    scored: dict[Modality, set[str]] = {}
    for kind in kinds().values():
        if kind.score:
            scored.setdefault(kind.modality, set()).add(kind.score)
    return scored


def _without_score(mention: EmotionMention, cited: Cited) -> Ruling:
    scored = scored_emotions()
    audible = [m for m in mention.modalities if m in scored]
    known = {emotion for emotions in scored.values() for emotion in emotions}
    if mention.likely and audible and canonical(mention.emotion) in known:
        return unsupported(f"no cited cue scores {mention.emotion} there")
    if mention.negated:
        return _opposed(mention.emotion, cited)
    leanings = [leaning(c, mention.emotion) for m in audible for c in cited.of(m)]
    return HOLDS if leanings and max(leanings) >= LEANS else _suggested(mention, cited)


def _suggested(mention: EmotionMention, cited: Cited) -> Ruling:
    modalities, emotion, enough = mention.modalities, mention.emotion, 0
    if modalities and mention.bare:
        # "Face and voice: anger" may mean either of them; a verb speaks of both.
        enough = 0 if mention.stance else len(modalities) - 1
    elif all(cue.modality == Modality.TEXT for cue in cited.cues):
        modalities = (Modality.TEXT,)
    else:
        return _interpreted(emotion, cited)
    failing = [m for m in modalities if not _verdict_holds(m, emotion, cited)]
    if len(failing) > enough:
        return contradicted(f"the {failing[0]} evidence does not suggest {emotion}")
    return HOLDS


def _verdict_holds(modality: Modality, emotion: str, cited: Cited) -> bool:
    """Whether a modality by itself suggests an emotion: by its verdict, or by its cues."""
    verdict = cited.verdicts.get(modality)
    if verdict is not None and matches(emotion, verdict):
        return True
    if modality == Modality.TEXT:
        return verdict is None and (cited.label is None or matches(emotion, cited.label))
    cues = cited.of(modality)
    needed = LEANS if verdict is None else 2 * LEANS_CLEARLY
    return any(leaning(cue, emotion) >= needed for cue in cues)


def _interpreted(emotion: str, cited: Cited) -> Ruling:
    """A cue "fits" the answer's label, its own modality's verdict, or what it leans to."""
    leanings = [leaning(c, emotion) for c in cited.cues if c.modality != Modality.TEXT]
    if leanings and max(leanings) <= -LEANS_CLEARLY:
        return contradicted(f"the cited cues speak against {emotion}")
    verdicts = (cited.verdicts.get(m, cited.label) for m in Modality if cited.of(m))
    expected = [verdict for verdict in verdicts if verdict]
    if any(matches(emotion, e) for e in expected) or max(leanings, default=0.0) >= LEANS:
        return HOLDS
    if prototype(emotion) is None and not expected:
        return HOLDS
    return unsupported(f"nothing that is cited suggests {emotion}")


def _opposed(emotion: str, cited: Cited) -> Ruling:
    """What is said to speak against an emotion must not plainly speak for it."""
    leanings = [leaning(c, emotion) for c in cited.cues]
    text = cited.verdicts.get(Modality.TEXT)
    wordy = all(c.modality == Modality.TEXT for c in cited.cues)
    if (wordy and text and matches(emotion, text)) or min(leanings) >= LEANS_CLEARLY:
        return contradicted(f"the cited cues speak for {emotion}")
    return HOLDS
