"""Labels as they are said in a sentence: "angry" is anger, "neutral" a neutral state."""

from affect_llm.labels.canonical import canonical

_NOUNS = {
    "angry": "anger",
    "happy": "happiness",
    "sad": "sadness",
    "fearful": "fear",
    "surprised": "surprise",
    "disgusted": "disgust",
    "neutral": "a neutral state",
    "positive": "a positive mood",
    "negative": "a negative mood",
}


def noun(label: str) -> str:
    """The noun phrase for a label; a label that is a noun already stays as it is."""
    return _NOUNS.get(label.lower(), label.lower())


def same(label: str, other: str) -> bool:
    """Whether two labels name one emotion ("joy" and "happiness")."""
    return (canonical(label) or label.lower()) == (canonical(other) or other.lower())
