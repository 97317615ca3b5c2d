"""One name per emotion: how labels of different sets, and the heads' scores, correspond."""

from affect_llm.labels.emotion_words import EmotionVocabulary


def canonical(label: str) -> str | None:
    """The canonical emotion a label stands for ("joy" → "happiness"); None when it has none.

    Any word of our vocabulary will do, English first; most closed sets are English.
    """
    english = EmotionVocabulary.own("en")
    vocabulary = english if english.word(label) else EmotionVocabulary.own()
    return vocabulary.group(label, "canonical")
