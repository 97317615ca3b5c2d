"""Closed label sets under the names that the field knows them by."""

from affect_llm.errors import ConfigError
from affect_llm.registry import unknown_name

SETS: dict[str, tuple[str, ...]] = {
    "ekman6": ("anger", "disgust", "fear", "joy", "sadness", "surprise"),
    "ekman7": ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"),
    "meld7": ("neutral", "surprise", "fear", "sadness", "joy", "disgust", "anger"),
    "ravdess8": (
        "neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised",
    ),
    "emodb7": ("anger", "boredom", "disgust", "fear", "happiness", "sadness", "neutral"),
    "fer7": ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"),
    "isear7": ("joy", "fear", "anger", "sadness", "disgust", "shame", "guilt"),
    "dailydialog7": (
        "neutral", "anger", "disgust", "fear", "happiness", "sadness", "surprise",
    ),
    "emotiontalk7": (
        "neutral", "angry", "surprised", "happy", "sad", "disgusted", "fearful",
    ),
    "plutchik8": (
        "anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust",
    ),
    "sentiment3": ("negative", "neutral", "positive"),
    "iemocap4": ("angry", "happy", "sad", "neutral"),
    "iemocap4anger": ("anger", "happy", "sad", "neutral"),
    "iemocap6": ("angry", "happy", "sad", "neutral", "excited", "frustrated"),
    "emorynlp7": (
        "neutral", "joyful", "peaceful", "powerful", "mad", "sad", "scared",
    ),
    "crema6": ("anger", "disgust", "fear", "happy", "neutral", "sad"),
    "mer6": ("neutral", "angry", "happy", "sad", "worried", "surprise"),
    "brighter5": ("anger", "fear", "joy", "sadness", "surprise"),
    "brighter6": ("anger", "disgust", "fear", "joy", "sadness", "surprise"),
    "goemotions28": (
        "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion",
        "curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment",
        "excitement", "fear", "gratitude", "grief", "joy", "love", "nervousness", "optimism",
        "pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral",
    ),
}  # fmt: skip
DEFAULT_SET = "ekman7"
"""Ekman's six emotions and neutral."""


def label_set(spec: str) -> tuple[str, ...]:
    """The labels for a set's name or a comma list ("joy, anger, neutral").

    Raises:
        ConfigError: an unknown name, or a list with fewer than two or repeated labels.
    """
    if spec in SETS:
        return SETS[spec]
    if "," not in spec:
        raise ConfigError(f"{unknown_name('label sets', spec, SETS)} Or give a comma list.")
    labels = tuple(part.strip().lower() for part in spec.split(",") if part.strip())
    if len(labels) < 2 or len(set(labels)) != len(labels):
        raise ConfigError(f"--labels needs at least two different labels, and got '{spec}'.")
    return labels
