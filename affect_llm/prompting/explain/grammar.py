"""The phrase grammar, read from `grammar.yaml` and checked once."""

from functools import lru_cache
from importlib.resources import files

import yaml

from affect_llm.types import Model


class FacsPhrases(Model):
    """Clauses for action units; `units` has everyday words per unit."""

    words: dict[str, tuple[str, ...]]
    present: tuple[str, ...]
    absent: tuple[str, ...]
    pair: tuple[str, ...]
    units: dict[str, dict[str, tuple[str, ...]]]


class LikelihoodPhrases(Model):
    """Clauses for emotion scores of face and voice."""

    words: dict[str, tuple[str, ...]]
    face: tuple[str, ...]
    voice: tuple[str, ...]


class DeviationPhrases(Model):
    """Clauses for prosody and blinking; `states` has everyday words per kind and direction."""

    words: dict[str, tuple[str, ...]]
    adverbs: dict[str, str]
    any: tuple[str, ...]
    pair: tuple[str, ...]
    everyday: tuple[str, ...]
    blink: tuple[str, ...]
    states: dict[str, dict[str, tuple[str, ...]]]
    unbased: tuple[str, ...]


class BipolarPhrases(Model):
    """Clauses for vocal arousal and valence."""

    words: dict[str, tuple[str, ...]]
    any: tuple[str, ...]
    adjectives: dict[str, dict[str, tuple[str, ...]]]


class Grammar(Model):
    """Every list of phrases, by the name it has in the file."""

    openers: dict[str, tuple[str, ...]]
    persons: tuple[str, ...]
    also: tuple[str, ...]
    contrast: tuple[str, ...]
    tails: dict[str, tuple[str, ...]]
    facs: FacsPhrases
    likelihood: LikelihoodPhrases
    deviation: DeviationPhrases
    bipolar: BipolarPhrases
    share: tuple[str, ...]
    angle: dict[str, dict[str, tuple[str, ...]]]
    words: dict[str, tuple[str, ...]]
    times: tuple[str, ...]
    conclusion: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The shipped grammar."""
    text = files("affect_llm.prompting.explain").joinpath("grammar.yaml").read_text("utf-8")
    return Grammar.model_validate(yaml.safe_load(text))
