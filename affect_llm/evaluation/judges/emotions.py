"""Which emotions a text names, and how near two of them are."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from affect_llm.labels.canonical import canonical
from affect_llm.prompting.checker.mentions import mentions_of
from affect_llm.prompting.checker.tokens import tokens_of

ALIKE = 0.5
"""Credit for another word of the same basic emotion."""


@dataclass(frozen=True, slots=True)
class Emotion:
    """An emotion word with the group of its synonyms and its basic emotion; None: not known."""

    word: str
    group: str
    family: str | None

    def __str__(self) -> str:
        """The word."""
        return self.word

    def affinity(self, other: "Emotion") -> float:
        """1 for synonyms, `ALIKE` within a basic emotion, else 0."""
        if self.group == other.group:
            return 1.0
        return ALIKE if self.family is not None and self.family == other.family else 0.0


@dataclass(frozen=True, slots=True)
class EmotionReader:
    """Reads the emotions of a text.

    Args:
        extract: text → emotion words.
        group: word → name of its synonyms' group.
        family: word → basic emotion, or None.
        tables: everything the three depend on, as text.
    """

    extract: Callable[[str], Sequence[str]]
    group: Callable[[str], str]
    family: Callable[[str], str | None]
    tables: str

    def read(self, text: str) -> tuple[Emotion, ...]:
        """One emotion per group of synonyms, in the order of the text."""
        found: dict[str, Emotion] = {}
        for word in self.extract(text):
            emotion = Emotion(word, self.group(word), self.family(word))
            found.setdefault(emotion.group, emotion)
        return tuple(found.values())


def shipped_reader() -> EmotionReader:
    """The emotions that the checker's lexicon knows."""
    return EmotionReader(_mentioned, lambda word: word, canonical, json.dumps([ALIKE]))


@lru_cache(maxsize=4096)
def _mentioned(text: str) -> tuple[str, ...]:
    mentions = mentions_of(tokens_of(text))
    return tuple(m.emotion for m in mentions if m.stance != "opposes" and not m.negated)
