"""Our own vocabulary: what a word's base word, family and groups are, and where it lies."""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from affect_llm.errors import ConfigError
from affect_llm.labels.emotion_words.family import Family, families
from affect_llm.labels.emotion_words.table import (
    LANGUAGES,
    EmotionWord,
    Form,
    plain,
    read_yaml,
    word_table,
)

VERSION = "1"
"""The version of the words, which rises when one changes its family, or a family its groups."""

Level = Literal["word", "family", "inner", "canonical", "ekman", "plutchik", "goemotions"]

_STRETCH = {1: 0.6, 2: 1.0, 3: 1.3}
"""How far from the neutral middle a mild, middling or strong word lies, as a factor of its family's
place; our judgement."""


@dataclass(frozen=True, slots=True)
class EmotionVocabulary:
    """Emotion words of one language, or of all.

    Args:
        language: two letters; None for all, where a word that several share is the first
            language's of `LANGUAGES`.
        forms: every known way of writing a word, as `plain` gives it.
    """

    language: str | None
    forms: Mapping[str, Form]

    @classmethod
    def own(cls, language: str | None = None) -> "EmotionVocabulary":
        """The shipped vocabulary.

        Raises:
            ConfigError: a language without a table.
        """
        if language is not None and language not in LANGUAGES:
            raise ConfigError(
                f"There are no emotion words for the language '{language}'. "
                f"Choose one of {', '.join(LANGUAGES)}, or none for all of them."
            )
        return _own(language)

    def form(self, text: str) -> Form | None:
        """The form that `text` is, whatever its case, apostrophes and hyphens; None if unknown."""
        return self.forms.get(plain(text))

    def word(self, text: str) -> EmotionWord | None:
        """The base word that `text` is a form of; None if unknown."""
        form = self.form(text)
        return None if form is None else form.word

    def group(self, word: str, level: Level) -> str | None:
        """The group of a word; None when it is unknown, or its family has none at that level."""
        base = self.word(word)
        return None if base is None else group_of(base, level)

    def at(self, level: Level) -> "VocabularyLevel":
        """One level as a grouping by itself."""
        return VocabularyLevel(self, level)

    def affect(self, word: str) -> tuple[float, float] | None:
        """(valence, arousal) of a word, each from -1 to 1; None when it is unknown.

        A rated value of Russell and Mehrabian (1977) where there is one; otherwise a prior by
        judgement: the family's place, drawn in for mild words and out for strong ones.
        """
        base = self.word(word)
        return None if base is None else affect_of(base)


@dataclass(frozen=True, slots=True)
class VocabularyLevel:
    """A vocabulary at one level: what scorers of label sets need to know of it."""

    vocabulary: EmotionVocabulary
    level: Level

    @property
    def name(self) -> str:
        """A name that says which words and which level."""
        return f"own-{self.vocabulary.language or 'all'}-{self.level}"

    @property
    def version(self) -> str:
        """The version of the vocabulary."""
        return f"own-{VERSION}"

    def group(self, word: str) -> str | None:
        """The group of a word; None when it has none."""
        return self.vocabulary.group(word, self.level)


def group_of(word: EmotionWord, level: Level) -> str | None:
    """The group of a base word; None when its family has none at that level."""
    if level in ("word", "family"):
        return word.base if level == "word" else word.family
    group: str | None = getattr(families()[word.family], level)
    return group


def affect_of(word: EmotionWord) -> tuple[float, float]:
    """(valence, arousal) of a base word, see `EmotionVocabulary.affect`."""
    if word.language == "en" and word.base in _rated():
        return _rated()[word.base]
    family: Family = families()[word.family]
    stretched = (value * _STRETCH[word.strength] for value in (family.valence, family.arousal))
    valence, arousal = (round(max(-1.0, min(1.0, value)), 2) for value in stretched)
    return valence, arousal


@cache
def _rated() -> dict[str, tuple[float, float]]:
    text = files(__package__).joinpath("russell_mehrabian.yaml").read_text("utf-8")
    return {word: (float(v), float(a)) for word, (v, a) in read_yaml(text).items()}


@cache
def _own(language: str | None) -> EmotionVocabulary:
    if language is not None:
        return EmotionVocabulary(language, word_table(language))
    tables = [dict(word_table(name)) for name in LANGUAGES]
    return EmotionVocabulary(None, dict(ChainMap(*tables)))
