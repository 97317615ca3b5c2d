"""Which cues speak for and against which emotion, and how strongly.

Faces: the prototypes of EMFACS (Ekman, Friesen 1983; Ekman, Friesen, Hager 2002). Voices: the
tendencies that reviews agree on (Banse, Scherer 1996; Juslin, Laukka 2003, table 7). They say
what a cue suggests, never what somebody feels.
"""

from affect_llm.cues.catalogue import kind_of
from affect_llm.cues.scales import ANGLE, BIPOLAR, DEVIATION, FACS, LIKELIHOOD, SHARE, Scale
from affect_llm.labels.canonical import canonical
from affect_llm.types import Measurement

TENDENCIES: dict[str, dict[str, float]] = {
    "happiness": {
        "AU06": 1.2, "AU12": 1.6, "AU25": 0.3, "AU04": -0.6, "AU15": -0.8, "AU09": -0.5,
        "pitch.mean": 0.5, "pitch.range": 0.5, "loudness": 0.4, "speech.rate": 0.4,
        "pause.share": -0.3, "hnr": 0.3, "voice.arousal": 0.6, "voice.valence": 1.4,
    },
    "sadness": {
        "AU01": 1.0, "AU04": 0.7, "AU15": 1.4, "AU17": 0.9, "AU12": -1.2, "gaze.averted": 0.5,
        "pitch.mean": -0.6, "pitch.range": -0.7, "loudness": -0.8, "speech.rate": -0.7,
        "pause.share": 0.7, "spectral.balance": -0.4, "voice.arousal": -0.9,
        "voice.valence": -1.1,
    },
    "anger": {
        "AU04": 1.3, "AU05": 0.7, "AU07": 0.8, "AU10": 0.5, "AU23": 1.0, "AU24": 1.0,
        "AU12": -1.1, "pitch.mean": 0.5, "pitch.range": 0.4, "loudness": 1.0,
        "speech.rate": 0.5, "jitter": 0.3, "spectral.balance": 0.6, "voice.arousal": 1.0,
        "voice.valence": -1.1,
    },
    "fear": {
        "AU01": 0.9, "AU02": 0.7, "AU04": 0.5, "AU05": 1.1, "AU20": 1.3, "AU26": 0.5,
        "AU12": -1.0, "pitch.mean": 0.9, "pitch.range": -0.3, "speech.rate": 0.6,
        "jitter": 0.4, "voice.arousal": 0.8, "voice.valence": -1.0, "blink.rate": 0.4,
    },
    "surprise": {
        "AU01": 1.0, "AU02": 1.2, "AU05": 1.1, "AU25": 0.4, "AU26": 1.2, "AU04": -0.6,
        "pitch.mean": 0.8, "pitch.range": 0.8, "loudness": 0.4, "voice.arousal": 0.8,
    },
    "disgust": {
        "AU09": 1.5, "AU10": 1.3, "AU15": 0.5, "AU17": 0.5, "AU12": -1.0, "pitch.mean": -0.4,
        "speech.rate": -0.4, "voice.valence": -1.1,
    },
    "calm": {
        "AU04": -0.6, "AU07": -0.4, "pitch.mean": -0.5, "pitch.range": -0.4, "loudness": -0.7,
        "speech.rate": -0.5, "jitter": -0.3, "voice.arousal": -1.2, "voice.valence": 0.5,
    },
    "boredom": {
        "gaze.averted": 0.6, "pitch.mean": -0.5, "pitch.range": -1.0, "loudness": -0.5,
        "speech.rate": -0.7, "pause.share": 0.5, "voice.arousal": -1.1,
    },
    "positive": {"AU06": 1.0, "AU12": 1.4, "AU15": -0.8, "AU04": -0.6, "voice.valence": 1.4},
    "negative": {"AU04": 1.0, "AU15": 1.0, "AU09": 0.8, "AU12": -1.2, "voice.valence": -1.4},
}  # fmt: skip
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


def prototype(label: str) -> str | None:
    """The row of `TENDENCIES` for a label, or "neutral"; None when nothing is known of it."""
    word = label.strip().lower()
    if word in _POSITIVE:
        return "positive"
    if word in _NEGATIVE:
        return "negative"
    name = canonical(word)
    return name if name == "neutral" or name in TENDENCIES else None


def leaning(cue: Measurement, label: str) -> float:
    """How far a cue speaks for `label` (above 0) or against it (below 0), about -2 to 2."""
    emotion = prototype(label)
    if emotion is None or isinstance(cue.value, str):
        return 0.0
    _, _, scored = cue.name.partition(".")
    if kind_of(cue.name).scale is LIKELIHOOD:
        return _head_leaning(scored, emotion, strength(cue))
    if emotion == "neutral":
        return _neutral_leaning(cue)
    return TENDENCIES[emotion].get(cue.name, 0.0) * strength(cue)


def strength(cue: Measurement) -> float:
    """How far a cue lies from saying nothing, -1 to 1; below 0 is low or not there."""
    scale = kind_of(cue.name).scale
    number = cue.deviation if kind_of(cue.name).relative else cue.value
    if scale is None or number is None or isinstance(number, str):
        return 0.0
    return _strength(scale, number)


def _strength(scale: Scale, number: float) -> float:
    if scale is FACS:
        return -0.3 if number < 0.5 else min(number / 4, 1.0)
    if scale is LIKELIHOOD:
        return number if number >= 0.33 else number - 0.6
    if scale is DEVIATION:
        return 0.0 if abs(number) < 0.5 else max(-1.0, min(1.0, number / 2))
    if scale is BIPOLAR:
        return 0.0 if abs(number) < 0.2 else max(-1.0, min(1.0, number))
    if scale is SHARE:
        return 0.0 if number < 0.25 else min(number, 1.0)
    assert scale is ANGLE, "every scale of the catalogue has its strength here"
    return 0.0


def _head_leaning(scored: str, emotion: str, present: float) -> float:
    """An emotion score speaks for its own emotion; for another one it is a rival."""
    if scored == emotion:
        return 2.0 * present
    if scored in GROUPS.get(emotion, ()):
        return max(2.0 * present, 0.0)
    return -1.0 * present if present > 0 else 0.0


def _neutral_leaning(cue: Measurement) -> float:
    """What is typical, straight or absent speaks for a neutral state, anything else against."""
    away = abs(strength(cue)) if strength(cue) > 0 or kind_of(cue.name).scale is not FACS else 0
    return 0.35 - away
