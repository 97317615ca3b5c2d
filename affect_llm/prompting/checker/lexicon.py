"""The words that make claims, read from `lexicon.yaml`, `emotions.yaml` and `scales.yaml`."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import yaml

from affect_llm.cues.catalogue import ACTION_UNITS
from affect_llm.labels.sets import SETS
from affect_llm.types import Model


class State(Model):
    """Words that name a kind and its level at once; any of the options bears them out."""

    options: dict[str, str]
    words: tuple[str, ...]


class Lexicon(Model):
    """The tables of `lexicon.yaml`, by name."""

    heads: dict[str, tuple[str, ...]]
    parts: dict[str, tuple[str, ...]]
    acts: dict[str, tuple[str, ...]]
    frames: dict[str, dict[str, dict[str, str]]]
    states: tuple[State, ...]
    levels: dict[str, tuple[str, ...]]
    shares: dict[str, tuple[str, ...]]
    likelihoods: dict[str, tuple[str, ...]]
    negations: tuple[str, ...]
    ignored: tuple[str, ...]
    modalities: dict[str, tuple[str, ...]]
    suggests: tuple[str, ...]
    opposes: tuple[str, ...]
    unmeasured: tuple[str, ...]


class Entry(NamedTuple):
    """A compiled expression, the type of token it makes and what that token stands for.

    `stem` is the plain beginning of the expression: without it a text cannot match.
    """

    stem: str
    pattern: re.Pattern[str]
    type: str
    key: str


BOUNDARIES = (
    "[,;:()]", "and", "or", "nor", "while", "but", "whereas", "although", "though", "with",
    "so that", "as", "which", "because", "then", "together with", "that", "whose", "yet",
)  # fmt: skip


def _read(name: str) -> object:
    return yaml.safe_load(files(__package__).joinpath(name).read_text("utf-8"))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    return Lexicon.model_validate(_read("lexicon.yaml"))


@lru_cache(maxsize=1)
def emotion_words() -> dict[str, tuple[str, ...]]:
    """Expressions by emotion; labels of the shipped sets that have none stand for themselves."""
    words = {name: tuple(found) for name, found in dict(_read("emotions.yaml")).items()}  # type: ignore[call-overload]
    known = "|".join(w for found in words.values() for w in found)
    labels = {label for labels in SETS.values() for label in labels}
    new = sorted(lab for lab in labels if not re.fullmatch(known, lab) and lab not in words)
    return {**words, **{label: (label,) for label in new}}


@lru_cache(maxsize=1)
def bearing() -> dict[str, dict[str, frozenset[str]]]:
    """Scale name → claimed level → words of the scale that bear it out."""
    tables: dict[str, dict[str, list[str]]] = _read("scales.yaml")  # type: ignore[assignment]
    return {s: {k: frozenset(w) for k, w in table.items()} for s, table in tables.items()}


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """Every expression with the token it makes."""
    tables = lexicon()
    found = [(w, "head", kind) for kind, words in tables.heads.items() for w in words]
    found += [(w, "head", au) for au in ACTION_UNITS for w in _action_unit(au)]
    found += [(w, "state", str(i)) for i, s in enumerate(tables.states) for w in s.words]
    for type_, table in _keyed(tables).items():
        found += [(w, type_, key) for key, words in table.items() for w in words]
    for type_, words in _plain(tables).items():
        found += [(w, type_, w) for w in words]
    return tuple(Entry(_stem(w), _compiled(w), type_, key) for w, type_, key in found)


def _keyed(tables: Lexicon) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        "part": tables.parts,
        "act": tables.acts,
        "level": tables.levels,
        "share": tables.shares,
        "likelihood": tables.likelihoods,
        "modality": tables.modalities,
        "emotion": emotion_words(),
    }


def _plain(tables: Lexicon) -> dict[str, tuple[str, ...]]:
    return {
        "negation": tables.negations,
        "ignored": tables.ignored,
        "suggests": tables.suggests,
        "opposes": tables.opposes,
        "unmeasured": tables.unmeasured,
        "boundary": BOUNDARIES,
    }


def _action_unit(au: str) -> tuple[str, ...]:
    number = int(au[2:])
    phrase = ACTION_UNITS[au]
    stem = phrase.removesuffix("er").removesuffix("or")
    verbal = f"{stem}(?:er|or|ers|ors|ing)" if stem != phrase else phrase
    return (f"au ?0?{number}", f"action unit 0?{number}", verbal)


def _stem(words: str) -> str:
    """Letters up to the first that is optional, repeated or part of a group."""
    plain = re.match(r"[a-z]*", words)
    assert plain is not None, "a run of letters may be empty"
    rest = words[plain.end() :]
    if "|" in re.sub(r"\([^()]*\)", "", words):
        return ""
    return plain[0][:-1] if rest[:1] in ("?", "*", "{") else plain[0]


def _compiled(words: str) -> re.Pattern[str]:
    spaced = words.replace(" ?", r"[\s\-]*").replace(" ", r"[\s\-]+")
    return re.compile(spaced if words.startswith("[") else rf"\b(?:{spaced})\b")
