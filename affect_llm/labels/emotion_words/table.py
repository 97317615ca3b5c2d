"""One language's words, read from its file; the notation is in `notation.md`."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

LANGUAGES = ("en", "zh", "de", "fr", "es", "pt", "it", "ru")
"""Languages that have a table, English first."""

Strength = Literal[1, 2, 3]
# With the C parser, where PyYAML has it, the tables are read in milliseconds.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SIGNS = re.compile(r"[!?*^]+$")
_FOLDED = str.maketrans({"’": "'", "‘": "'", "ё": "е"})
_BREAKS = re.compile(r"[\s_\-‐‑]+")


@dataclass(frozen=True, slots=True)
class EmotionWord:
    """An emotion word as a language's table lists it, with its family.

    Args:
        base: as it heads its line.
        family: name of its family.
        strength: 1 mild, 2 middling, 3 strong; our judgement.
        language: two letters.
    """

    base: str
    family: str
    strength: Strength
    language: str


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a base word.

    Args:
        word: what it is a form of.
        causes: it says what brings the feeling about, not who has it ("annoying").
        ambiguous: it has other meanings and needs a frame in running text ("blue").
    """

    word: EmotionWord
    causes: bool
    ambiguous: bool


def read_yaml(text: str) -> Any:
    """The document in `text`."""
    return yaml.load(text, Loader=_LOADER)


def plain(text: str) -> str:
    """Lower case and NFC, with straight apostrophes, е for ё, and one space for any hyphens."""
    folded = unicodedata.normalize("NFC", text).lower().translate(_FOLDED)
    return _BREAKS.sub(" ", folded).strip()


@cache
def word_table(language: str) -> Mapping[str, Form]:
    """Every form of a language's words.

    Raises:
        ValueError: the file gives one form to two words, or to one word twice.
    """
    document = read_yaml(files(__package__).joinpath(f"{language}.yaml").read_text("utf-8"))
    paradigms = document.get("paradigms") or {}
    forms = (
        form
        for family, block in document["words"].items()
        for line in block.splitlines()
        for form in _written(line, paradigms, family, language)
    )
    table: dict[str, Form] = {}
    for word, written in forms:
        bare, signs = _unsigned(written)
        name = plain(bare)
        if name in table:
            raise ValueError(f"{language}: '{name}' is under {table[name].word.base}, {word.base}")
        table[name] = Form(word, causes="*" in signs, ambiguous="^" in signs)
    return table


def _written(
    line: str, paradigms: Mapping[str, str], family: str, language: str
) -> Iterator[tuple[EmotionWord, str]]:
    """The word of a line with each of its forms, signs still on them."""
    head, _, rest = line.partition(":")
    bare, signs = _unsigned(head.strip())
    base, stem = bare.replace("|", ""), bare.partition("|")[0]
    strength: Strength = 1 if "?" in signs else 3 if "!" in signs else 2
    word = EmotionWord(base.replace("_", " "), family, strength, language)
    yield word, base + signs
    for form in re.sub(r"@(\w+)", lambda name: paradigms[name[1]], rest).split():
        yield word, stem + form[1:] if form[0] in "-." else form


def _unsigned(written: str) -> tuple[str, str]:
    """A form without the signs that end it, and the signs."""
    bare = _SIGNS.sub("", written)
    return bare, written.removeprefix(bare)
