"""Words for emotions in eight languages, written for this project, and how they group."""

from affect_llm.labels.emotion_words.vocabulary import EmotionVocabulary, VocabularyLevel

__all__ = ["EmotionVocabulary", "VocabularyLevel"]
