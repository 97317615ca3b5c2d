"""The words of a cue family, for whoever reads and writes sentences about its cues."""

from collections.abc import Mapping

from pydantic import Field

from affect_llm.types import Model


class StateWords(Model):
    """Words that name a kind and its level at once; any of the options bears them out."""

    options: dict[str, str]
    words: tuple[str, ...]


class CueWords(Model):
    """What a family adds to the lexicon of sentences and questions, and to the phrase grammar.

    Expressions are regular expressions over lower-case text; a space stands for any run of spaces
    and hyphens. A kind without any entry is known by its phrase and told in general words.

    Args:
        heads: kind → nouns that name it and say nothing of its level.
        states: words that say a level as well ("waving" is a hand movement that is present).
        measured: words for things that no cue measured before ("hands?").
        questions: kind → words that ask for it and claim nothing.
        clauses: kind → clauses in lower case; `{phrase}` is the kind's, `{w}` its scale word.
    """

    heads: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    states: tuple[StateWords, ...] = ()
    measured: tuple[str, ...] = ()
    questions: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    clauses: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
