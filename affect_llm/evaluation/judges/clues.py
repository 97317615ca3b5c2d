"""What a description tells of face, voice and words, as clues that can be compared.

The checker's lexicon reads the text; a clue is a kind of cue with the way it deviates ("AU12",
present), the same for "a broad smile" and "marked lip corner puller".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from affect_llm.cues.catalogue import kind_of
from affect_llm.prompting.checker.check import bracketed_ids
from affect_llm.prompting.checker.claims import claims_of
from affect_llm.prompting.checker.literal import without_quotes
from affect_llm.prompting.checker.mentions import EmotionMention, mentions_of
from affect_llm.prompting.checker.tokens import tokens_of
from affect_llm.types import Modality

Way = int | None
"""How a cue deviates: +1 high or present, -1 low or absent, 0 typical, None merely mentioned."""
_WAY_NAMES: dict[Way, str] = {1: "present/high", -1: "absent/low", 0: "typical", None: "mentioned"}
_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n+")
_PREFIX = {Modality.VISUAL: "face", Modality.AUDIO: "voice", Modality.TEXT: "words"}
_WEAK = ("trace", "slight", "little", "almost none", "some")
_GREAT = ("strong", "maximum", "most", "much")
"""Degrees of the checker's lexicon; those between the faint and the strong ones are no degree."""


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing told of a clip.

    Args:
        options: (kind, way); the words may mean any of them.
        degree: -1 faint, +1 strong, 0 not said.
        quote: words of the clip, for a quote; it has no options.
    """

    options: frozenset[tuple[str, Way]]
    degree: int = 0
    quote: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The clue as reports show it: "AU12 present/high" or the quote."""
        if self.quote:
            return f'"{" ".join(self.quote)}"'
        return " or ".join(sorted(f"{kind} {_WAY_NAMES[way]}" for kind, way in self.options))


@lru_cache(maxsize=4096)
def clues_of(text: str) -> tuple[Clue, ...]:
    """Every clue of an English text once, in the order in which they are first told.

    A degree that is given anywhere stays. Where a text has both faint and strong, none is given:
    the order of sentences must not decide which of the two is compared.
    """
    degrees: dict[Clue, set[int]] = {}
    # Cue ids in brackets are no words.
    for sentence in filter(None, map(str.strip, _SENTENCE.split(bracketed_ids().sub(" ", text)))):
        for clue in sentence_clues(sentence):
            degrees.setdefault(replace(clue, degree=0), set()).add(clue.degree)
    return tuple(replace(clue, degree=sum(given)) for clue, given in degrees.items())


def sentence_clues(sentence: str) -> list[Clue]:
    """The clues of one sentence, repeated where they are said twice."""
    plain, quotes = without_quotes(sentence)
    tokens = tokens_of(plain)
    clues = [
        Clue(
            frozenset(
                (kind, _way(kind, level, claim.negated)) for kind, level in claim.options.items()
            ),
            _degree(claim.degree),
        )
        for claim in claims_of(tokens)
    ]
    clues += [clue for mention in mentions_of(tokens) for clue in _scored(mention)]
    quoted = (tuple(re.findall(r"[^\W_]+(?:'[^\W_]+)*", quote.lower())) for quote in quotes)
    return clues + [Clue(frozenset(), quote=words) for words in quoted if words]


def _way(kind: str, level: str, negated: bool) -> Way:
    """The direction of a level; what is denied to be high or low is typical."""
    scale = kind_of(kind).scale
    graded = scale is not None and bool(scale.absent)
    ways: dict[str, Way] = {"low": -1, "absent": -1, "typical": 0, "neutral": 0}
    way = (1 if graded else None) if level == "mention" else ways.get(level, 1)
    if not negated or way is None:
        return way
    return -way if graded else 0


def _degree(word: str | None) -> int:
    return -1 if word in _WEAK else 1 if word in _GREAT else 0


def _scored(mention: EmotionMention) -> Iterable[Clue]:
    """What one modality is said to show: "anger is likely in the voice", "the text suggests joy".

    An emotion that a cue merely fits is a conclusion, and belongs to the labels.
    """
    if mention.stance == "opposes" or len(mention.modalities) != 1:
        return
    modality = mention.modalities[0]
    if modality in _PREFIX and (mention.bare or (mention.stance is None and mention.likely)):
        level, degree = mention.likelihood(modality)
        way = -1 if ("unlikely" in level or level == "absent") is not mention.negated else 1
        kind = f"{_PREFIX[modality]}.{mention.emotion}"
        yield Clue(frozenset({(kind, way)}), _degree(degree))
