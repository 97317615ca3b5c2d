"""Clauses, openers and tails become sentences of a readable length."""

import random
import re
from collections.abc import Callable, Sequence

from affect_llm.cues.catalogue import EMOTIONS
from affect_llm.prompting.explain.clauses import clause
from affect_llm.prompting.explain.draft import Draft
from affect_llm.prompting.explain.grammar import grammar
from affect_llm.prompting.explain.nouns import noun, same
from affect_llm.prompting.explain.quotation import quote_from
from affect_llm.types import Cue

MIN_WORDS, MAX_WORDS = 7, 18
_TRIES = 12


def evidence(
    cues: Sequence[Cue], stance: str, emotion: str, rng: random.Random, contrast: bool = False
) -> Draft | None:
    """A sentence that tells `cues` and what they speak for.

    Args:
        cues: one cue or two that can be paired.
        stance: which tails fit: "for", "against", "instead" or "none".
        emotion: the label that the tail names.
        rng: chooses the phrasing.
        contrast: whether to introduce it as speaking against what came before.
    """

    def build() -> str | None:
        if stance != "none" and cues[0].name == "words":
            return _words(cues[0], emotion, rng, contrast)
        said = clause(cues, rng)
        if said is None:
            return None
        tail = _tail(cues, stance, emotion, rng)
        timed = rng.choice(grammar().times) if rng.random() < 0.05 and len(cues) == 1 else ""
        span = cues[0].span
        times = timed.format(a=_seconds(span.start_s), b=_seconds(span.end_s))
        return _opener(cues[0], rng, contrast, said) + said + times + tail

    return drafted(build, [cue.id for cue in cues])


def drafted(build: Callable[[], str | None], cue_ids: Sequence[str]) -> Draft | None:
    """The first phrasing of a readable length, or else the one that comes nearest."""
    texts = [text for text in (build() for _ in range(_TRIES)) if text is not None]
    if not texts:
        return None
    best = min(texts, key=lambda text: _off_length(len(text.split())))
    return Draft(_sentence(best), tuple(cue_ids))


def _off_length(words: int) -> int:
    return max(MIN_WORDS - words, words - MAX_WORDS, 0)


def _sentence(text: str) -> str:
    text = re.sub(r"\b(a|the) trace (?!level)", r"\1 trace of ", text)
    text = text.replace(" is trace", " is only a trace")
    text = re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)
    return text[0].upper() + text[1:] + "."


def _seconds(value: float) -> str:
    return f"{value:.1f}"


def _opener(cue: Cue, rng: random.Random, contrast: bool, said: str) -> str:
    whose = rng.choice(grammar().persons).format(p=cue.person) if cue.person else ""
    if contrast:
        return rng.choice(grammar().contrast) + whose
    if whose:
        return whose
    placed = re.search(r"\b(face|facial|voice|vocal|video|recording|speech)\b", said)
    return "" if placed else rng.choice(grammar().openers[cue.modality])


def _tail(cues: Sequence[Cue], stance: str, emotion: str, rng: random.Random) -> str:
    """No tail where it would say of anger that it suggests anger."""
    scored = cues[0].name.partition(".")[2]
    if stance == "none" or (scored in EMOTIONS and same(scored, emotion) and stance != "against"):
        return ""
    return rng.choice(grammar().tails[stance]).format(e=noun(emotion))


def _words(cue: Cue, emotion: str, rng: random.Random, contrast: bool) -> str:
    quote = quote_from(str(cue.value), rng)
    plain = quote is None or rng.random() < 0.15
    templates = grammar().words["suggest_plain" if plain else "suggest"]
    opener = rng.choice(grammar().contrast) if contrast else ""
    return opener + rng.choice(templates).format(q=quote, e=noun(emotion))
