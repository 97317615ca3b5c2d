"""The tables of `questions.yaml`, compiled once."""

import re
from functools import lru_cache
from importlib.resources import files

import yaml

from affect_llm.types import Model


class QuestionWords(Model):
    """The tables by name; each has expressions by what they stand for."""

    intents: dict[str, tuple[str, ...]]
    modalities: dict[str, tuple[str, ...]]
    beyond: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def question_words() -> QuestionWords:
    """The tables that come with the package, read once."""
    text = files(__package__).joinpath("questions.yaml").read_text("utf-8")
    return QuestionWords.model_validate(yaml.safe_load(text))


def keys_in(text: str, table: dict[str, tuple[str, ...]]) -> frozenset[str]:
    """The keys of `table` that an expression of theirs finds in `text` (lower case)."""
    return frozenset(key for key, words in table.items() if _pattern(words).search(text))


def without(text: str, words: tuple[str, ...]) -> str:
    """`text` with what the expressions find blanked out."""
    return _pattern(words).sub(" ", text)


# Twenty-two lists are shipped, and each kind of another family's cues may bring one.
@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    spaced = "|".join(word.replace(" ", r"\s+") for word in words)
    return re.compile(rf"\b(?:{spaced})\b")
