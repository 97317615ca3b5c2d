"""Which emotions a text names, and how near two of them are."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from affect_llm.labels.emotion_words.table import plain
from affect_llm.labels.emotion_words.vocabulary import VERSION, Vocabulary
from affect_llm.prompting.checker.mentions import mentions_of
from affect_llm.prompting.checker.tokens import tokens_of

ALIKE = 0.5
"""Credit for an emotion of another family in the same inner ring of the wheel."""


@dataclass(frozen=True, slots=True)
class Emotion:
    """An emotion word, its group of synonyms and the ring of that; None: the word is not known."""

    word: str
    group: str
    ring: str | None

    def __str__(self) -> str:
        """The word."""
        return self.word

    def affinity(self, other: "Emotion") -> float:
        """1 for synonyms, `ALIKE` within a ring, else 0."""
        if self.group == other.group:
            return 1.0
        return ALIKE if self.ring is not None and self.ring == other.ring else 0.0


@dataclass(frozen=True, slots=True)
class EmotionReader:
    """Reads the emotions of a text.

    Args:
        extract: text → emotion words.
        group: word → name of its synonyms' group.
        ring: word → the inner ring of that group, or None.
        tables: everything the three depend on, as text.
    """

    extract: Callable[[str], Sequence[str]]
    group: Callable[[str], str]
    ring: Callable[[str], str | None]
    tables: str

    def read(self, text: str) -> tuple[Emotion, ...]:
        """One emotion per group of synonyms, in the order of the text."""
        found: dict[str, Emotion] = {}
        for word in self.extract(text):
            emotion = Emotion(word, self.group(word), self.ring(word))
            found.setdefault(emotion.group, emotion)
        return tuple(found.values())


def shipped_reader() -> EmotionReader:
    """The label extraction and the vocabulary that the package carries."""
    words = Vocabulary.own()

    def group(word: str) -> str:
        return words.group(word, "family") or plain(word)

    def ring(word: str) -> str | None:
        return words.group(word, "inner")

    return EmotionReader(_extracted, group, ring, json.dumps([ALIKE, VERSION]))


@lru_cache(maxsize=4096)
def _extracted(text: str) -> tuple[str, ...]:
    mentions = mentions_of(tokens_of(text))
    return tuple(m.emotion for m in mentions if m.stance != "opposes" and not m.negated)
