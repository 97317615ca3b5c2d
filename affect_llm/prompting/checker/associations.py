"""Which cues speak for and against which emotion, and how strongly.

The families of cues bring the numbers and their sources. They say what a cue suggests, never what
somebody feels.
"""

from functools import lru_cache

from affect_llm.cues.catalogue import kind_of, number_of
from affect_llm.cues.families import families
from affect_llm.labels.canonical import canonical
from affect_llm.types import Measurement

_POSITIVE = (
    "positive", "admiration", "approval", "caring", "desire", "gratitude", "love", "optimism",
    "pride", "relief", "trust", "anticipation",
)  # fmt: skip
_NEGATIVE = ("negative", "disapproval", "embarrassment", "remorse", "shame", "guilt", "contempt")
GROUPS = {
    "positive": ("happiness", "calm", *_POSITIVE),
    "negative": ("anger", "disgust", "fear", "sadness", "boredom", *_NEGATIVE),
}
"""What the labels of valence sets ("positive", "negative") stand for."""


@lru_cache(maxsize=1)
def associations() -> dict[str, dict[str, float]]:
    """Emotion → kind → how strongly the kind speaks for it, as all families together say."""
    tables: dict[str, dict[str, float]] = {}
    for family in families():
        for emotion, weights in family.associations.items():
            tables.setdefault(emotion, {}).update(weights)
    return tables


def prototype(label: str) -> str | None:
    """The row of `associations` for a label, or "neutral"; None when nothing is known of it."""
    word = label.strip().lower()
    if word in _POSITIVE:
        return "positive"
    if word in _NEGATIVE:
        return "negative"
    name = canonical(word)
    return name if name == "neutral" or name in associations() else None


def leaning(cue: Measurement, label: str) -> float:
    """How far a cue speaks for `label` (above 0) or against it (below 0), about -2 to 2."""
    emotion = prototype(label)
    if emotion is None or isinstance(cue.value, str):
        return 0.0
    kind, evidence = kind_of(cue.name), evidence_of(cue)
    # A score of the emotion itself outweighs any single measure: those of the families end at 1.6.
    if kind.score == emotion:
        return 2.0 * evidence
    if kind.score in GROUPS.get(emotion, ()):
        return max(2.0 * evidence, 0.0)
    if kind.score is not None:  # the score of a rival
        return min(0.0, -evidence)
    if emotion == "neutral":
        # What is typical, straight or absent speaks for a neutral state, anything else against:
        # beyond about a third of full evidence.
        missing = evidence <= 0 and kind.scale is not None and kind.scale.presence
        return 0.35 - (0 if missing else abs(evidence))
    return associations()[emotion].get(cue.name, 0.0) * evidence


def evidence_of(cue: Measurement) -> float:
    """How far a cue speaks for what it is called, -1 to 1; below 0 it is low or missing."""
    scale, number = kind_of(cue.name).scale, number_of(cue)
    return 0.0 if scale is None or number is None else scale.evidence(number)
