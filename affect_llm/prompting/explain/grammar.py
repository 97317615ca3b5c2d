"""The phrase grammar, read from `grammar.yaml` and checked once."""

from functools import lru_cache
from importlib.resources import files

import yaml

from affect_llm.types import Model

Phrases = tuple[str, ...]


class FacsPhrases(Model):
    """Clauses for action units; `units` has everyday words per unit."""

    words: dict[str, Phrases]
    present: Phrases
    absent: Phrases
    pair: Phrases
    units: dict[str, dict[str, Phrases]]


class LikelihoodPhrases(Model):
    """Clauses for emotion scores, by the family that they are lines of ("face", "voice")."""

    words: dict[str, Phrases]
    scores: dict[str, Phrases]


class DeviationPhrases(Model):
    """Clauses for prosody, with everyday words per kind and direction; `kinds` has others."""

    words: dict[str, Phrases]
    adverbs: dict[str, str]
    any: Phrases
    pair: Phrases
    everyday: Phrases
    kinds: dict[str, Phrases]
    states: dict[str, dict[str, Phrases]]
    unbased: Phrases


class BipolarPhrases(Model):
    """Clauses for vocal arousal and valence, with adjectives per kind and word."""

    words: dict[str, Phrases]
    any: Phrases
    adjectives: dict[str, dict[str, Phrases]]


class Grammar(Model):
    """Every list of phrases, by the name it has in the file."""

    openers: dict[str, Phrases]
    persons: Phrases
    contrast: Phrases
    tails: dict[str, Phrases]
    facs: FacsPhrases
    likelihood: LikelihoodPhrases
    deviation: DeviationPhrases
    bipolar: BipolarPhrases
    share: dict[str, Phrases]
    angle: dict[str, dict[str, Phrases]]
    general: dict[str, Phrases]
    words: dict[str, Phrases]
    times: Phrases
    conclusion: dict[str, Phrases]


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The phrases that come with the package, read once."""
    text = files("affect_llm.prompting.explain").joinpath("grammar.yaml").read_text("utf-8")
    return Grammar.model_validate(yaml.safe_load(text))
