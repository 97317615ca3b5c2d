"""A list of emotion words → the side it is on, by the valence of our vocabulary."""

from collections.abc import Sequence
from typing import Literal

from affect_llm.labels.emotion_words.vocabulary import VERSION, EmotionVocabulary

Side = Literal["positive", "negative", "neutral"]
RULE = f"mean valence of the words, vocabulary own-{VERSION}"
NEUTRAL_WITHIN = 0.05
"""Means closer to 0 than this are neutral; our judgement."""


def sentiment_of(labels: Sequence[str], vocabulary: EmotionVocabulary) -> Side | None:
    """The side of the mean valence of the known words; None when no word is known."""
    valences = [affect[0] for word in labels if (affect := vocabulary.affect(word)) is not None]
    if not valences:
        return None
    mean = sum(valences) / len(valences)
    if abs(mean) < NEUTRAL_WITHIN:
        return "neutral"
    return "positive" if mean > 0 else "negative"
