"""The words that make claims: the shipped tables, and what each family of cues adds to them."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from affect_llm.cues.catalogue import kinds
from affect_llm.cues.families import families
from affect_llm.cues.words import StateWords
from affect_llm.labels.sets import SETS
from affect_llm.types import Model


class Lexicon(Model):
    """The tables of `lexicon.yaml`, each under its name there."""

    heads: dict[str, tuple[str, ...]]
    parts: dict[str, tuple[str, ...]]
    acts: dict[str, tuple[str, ...]]
    frames: dict[str, dict[str, dict[str, str]]]
    states: tuple[StateWords, ...]
    levels: dict[str, tuple[str, ...]]
    shares: dict[str, tuple[str, ...]]
    likelihoods: dict[str, tuple[str, ...]]
    negations: tuple[str, ...]
    ignored: tuple[str, ...]
    modalities: dict[str, tuple[str, ...]]
    suggests: tuple[str, ...]
    opposes: tuple[str, ...]
    unmeasured: tuple[str, ...]


class LexiconEntry(NamedTuple):
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


def _table(name: str) -> Any:
    return yaml.safe_load(files(__package__).joinpath(name).read_text("utf-8"))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The tables that come with the package, read once."""
    return Lexicon.model_validate(_table("lexicon.yaml"))


@lru_cache(maxsize=1)
def states() -> tuple[StateWords, ...]:
    """Words that name a kind and its level at once: the shipped ones, then the families'."""
    return (*lexicon().states, *(state for f in families() for state in f.words.states))


@lru_cache(maxsize=1)
def emotion_words() -> dict[str, tuple[str, ...]]:
    """The expressions for each emotion; a label of the shipped sets without any is its own."""
    words = {name: tuple(expressions) for name, expressions in _table("emotions.yaml").items()}
    known = "|".join(w for expressions in words.values() for w in expressions)
    labels = {label for labels in SETS.values() for label in labels}
    new = sorted(lab for lab in labels if not re.fullmatch(known, lab) and lab not in words)
    return {**words, **{label: (label,) for label in new}}


@lru_cache(maxsize=1)
def bearing() -> dict[str, dict[str, frozenset[str]]]:
    """For each shipped scale and claimed level, the words of the scale that bear the claim out."""
    tables = _table("scales.yaml")
    return {s: {k: frozenset(w) for k, w in table.items()} for s, table in tables.items()}


@lru_cache(maxsize=1)
def entries() -> tuple[LexiconEntry, ...]:
    """Every expression with the token it makes; of two for the same words the first counts."""
    tables, scales = lexicon(), (kind.scale for kind in kinds().values())
    # Words of scales that families brought along; each stands for itself.
    brought = {w for s in scales if s and s.name not in bearing() for w in s.words()}
    new = sorted(brought - {*tables.levels, *tables.shares, *tables.likelihoods})
    keyed = {
        "part": tables.parts,
        "act": tables.acts,
        "level": {**tables.levels, **{word: (_literal(word),) for word in new}},
        "share": tables.shares,
        "likelihood": tables.likelihoods,
        "modality": tables.modalities,
        "emotion": emotion_words(),
    }
    plain = {
        "negation": tables.negations,
        "ignored": tables.ignored,
        "suggests": tables.suggests,
        "opposes": tables.opposes,
        "unmeasured": _unmeasured(tables),
        "boundary": BOUNDARIES,
    }
    rows = [(w, "head", kind) for kind, words in _heads(tables).items() for w in words]
    rows += [(w, "state", str(i)) for i, state in enumerate(states()) for w in state.words]
    rows += [(w, t, key) for t, table in keyed.items() for key, ws in table.items() for w in ws]
    rows += [(w, t, w) for t, words in plain.items() for w in words]
    return tuple(LexiconEntry(_stem(w), _compiled(w), type_, key) for w, type_, key in rows)


def _heads(tables: Lexicon) -> dict[str, tuple[str, ...]]:
    """Nouns by kind; a kind that no table names is known by its phrase."""
    heads = dict(tables.heads)
    for family in families():
        for name, words in family.words.heads.items():
            heads[name] = (*heads.get(name, ()), *words)
    named = {kind for state in tables.states for kind in state.options} | {
        kind for frame in tables.frames.values() for act in frame.values() for kind in act
    }
    for kind in kinds().values():
        if kind.scale and not kind.score and kind.name not in named:
            heads.setdefault(kind.name, (_literal(kind.phrase),))
    return heads


def _literal(words: str) -> str:
    return re.escape(words.lower()).replace(r"\ ", " ").replace(r"\-", " ")


def _unmeasured(tables: Lexicon) -> tuple[str, ...]:
    """Words for what no cue measures; a family takes out what it measures or is called by."""
    measured = {word for family in families() for word in family.words.measured}
    named = {word for kind in kinds().values() for word in (kind.family, *kind.phrase.split())}
    named |= {word for family in families() for word in (family.name, *family.called)}
    return tuple(
        expression
        for expression in tables.unmeasured
        if expression not in measured
        and not any(re.fullmatch(expression, w.lower()) for w in named)
    )


def _stem(words: str) -> str:
    """The letters of an expression up to the first that is optional, repeated or in a group."""
    alternatives = "|" in re.sub(r"\([^()]*\)", "", words)
    return "" if alternatives else re.sub(r"([a-z][?*{]|[^a-z]).*", "", words)


def _compiled(words: str) -> re.Pattern[str]:
    # An expression that begins with a class is of punctuation, which has no word boundary.
    spaced = words.replace(" ?", r"[\s\-]*").replace(" ", r"[\s\-]+")
    return re.compile(spaced if words.startswith("[") else rf"\b(?:{spaced})\b")
