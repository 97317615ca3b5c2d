"""Sentences of two explanations that cannot both be true.

The checker's reading of a sentence is used on both: two sentences contradict one another when no
word of a cue's scale would bear out both, or when they read the same cue as different emotions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product

from affect_llm.cues.catalogue import kind_of
from affect_llm.cues.scales import LIKELIHOOD
from affect_llm.prompting.checker.claims import Claim, claims_of
from affect_llm.prompting.checker.emotions import matches
from affect_llm.prompting.checker.levels import allowed_words
from affect_llm.prompting.checker.literal import without_quotes
from affect_llm.prompting.checker.mentions import EmotionMention, mentions_of
from affect_llm.prompting.checker.tokens import tokens_of
from affect_llm.types import CueSheet, Model, Sentence


class Contradiction(Model):
    """A sentence of each answer, and what they disagree on."""

    first: str
    second: str
    cue_ids: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence as the checker reads it: kinds with what is claimed of them, and emotions."""

    sentence: Sentence
    levels: tuple[tuple[str, Claim], ...]
    mentions: tuple[EmotionMention, ...]


def contradictions(
    first: Sequence[Sentence], second: Sequence[Sentence], sheet: CueSheet
) -> tuple[Contradiction, ...]:
    """Every pair of sentences that cite a cue in common and cannot both be true."""
    pairs = []
    others = [_read(sentence, sheet) for sentence in second]
    for one in (_read(sentence, sheet) for sentence in first):
        for other in others:
            shared = tuple(i for i in one.sentence.cue_ids if i in other.sentence.cue_ids)
            names = {cue.name for cue in sheet.cues if cue.id in shared}
            clashes = chain(_levels(one, other, names), _readings(one, other))
            about = next(clashes, None) if shared else None
            if about is not None:
                texts = {"first": one.sentence.text, "second": other.sentence.text}
                pairs.append(Contradiction(**texts, cue_ids=shared, about=about))
    return tuple(pairs)


def _read(sentence: Sentence, sheet: CueSheet) -> _Read:
    """Read a sentence; claims are kept where the cited cues leave no doubt what they are about."""
    plain, _ = without_quotes(sentence.text)
    tokens = tokens_of(plain)
    cited = {cue.name for cue in sheet.cues if cue.id in sentence.cue_ids}
    claims = [(c.options.keys() & cited, c) for c in claims_of(tokens)]
    levels = tuple((next(iter(kinds)), claim) for kinds, claim in claims if len(kinds) == 1)
    return _Read(sentence, levels, tuple(mentions_of(tokens)))


def _levels(one: _Read, other: _Read, names: set[str]) -> Iterator[str]:
    """Kinds that both speak of, in words that no value of the scale bears out together."""
    for (name, claim), (rival_name, rival) in product(one.levels, other.levels):
        kind = kind_of(name)
        if name == rival_name and name in names and kind.scale:
            both = [(c.options[name], c.degree, c.negated) for c in (claim, rival)]
            if not frozenset.intersection(*(allowed_words(kind.scale, *c) for c in both)):
                yield f"{kind.phrase}: no level of it bears out both"


def _readings(one: _Read, other: _Read) -> Iterator[str]:
    """Emotions that the same cues are said to suggest, to oppose, or to have."""
    for mention, rival in product(one.mentions, other.mentions):
        stances = {mention.stance, rival.stance}
        alike = matches(mention.emotion, rival.emotion)
        if stances == {None}:
            yield from _scored(mention, rival)
        elif stances == {"suggests", "opposes"} and alike:
            yield f"{mention.emotion}: suggested, or opposed"
        elif stances == {"suggests"} and not (mention.negated or rival.negated or alike):
            yield f"{mention.emotion} or {rival.emotion}"


def _scored(mention: EmotionMention, rival: EmotionMention) -> Iterator[str]:
    """Two ratings of one emotion in one channel: "likely" and "very unlikely"."""
    if mention.emotion != rival.emotion:
        return
    for modality in set(mention.modalities) & set(rival.modalities):
        words = [
            allowed_words(LIKELIHOOD, *rating.likelihood(modality), rating.negated)
            for rating in (mention, rival)
        ]
        if not words[0] & words[1]:
            yield f"how likely {mention.emotion} is"
