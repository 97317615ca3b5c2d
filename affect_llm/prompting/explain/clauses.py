"""A cue, or two of a kind, becomes a clause that says no more than its line does."""

import random
from collections.abc import Sequence

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.cues.scales import BIPOLAR, DEVIATION, FACS, LIKELIHOOD, SHARE
from affect_llm.prompting.explain.grammar import grammar
from affect_llm.prompting.explain.nouns import noun
from affect_llm.prompting.explain.quotation import quote_from
from affect_llm.types import Cue

_RISE = {"very low": "low", "low": "low", "slightly low": "low"}
_FALL = {"very high": "high", "high": "high", "slightly high": "high"}


def clause(cues: Sequence[Cue], rng: random.Random) -> str | None:
    """A clause in lower case without a full stop; None when the cues have nothing to tell.

    Args:
        cues: one cue, or two that `can_pair` allows.
        rng: chooses the phrasing.
    """
    if len(cues) == 2:
        return _pair(cues[0], cues[1], rng)
    cue = cues[0]
    if isinstance(cue.value, str):
        return _quoted(cue, rng)
    scale = kind_of(cue.name).scale
    if scale is FACS:
        return _action_unit(cue, rng)
    if scale is LIKELIHOOD:
        return _likelihood(cue, rng)
    if scale is DEVIATION:
        return _deviation(cue, rng)
    if scale is BIPOLAR:
        return _bipolar(cue, rng)
    if scale is SHARE:
        return rng.choice(grammar().share).format(w=word_of(cue))
    return _angle(cue, rng)


def can_pair(first: Cue, second: Cue) -> bool:
    """Whether one clause may tell both: two action units of one face, or two prosody cues."""
    scale = kind_of(first.name).scale
    if scale is not kind_of(second.name).scale or first.name == second.name:
        return False
    if first.person != second.person:
        return False
    if scale is FACS:
        return "absent" not in (word_of(first), word_of(second))
    prosody = first.family == second.family == "prosody"
    return prosody and None not in (word_of(first), word_of(second))


def _pair(first: Cue, second: Cue, rng: random.Random) -> str:
    one, two = _fields(first, rng), _fields(second, rng)
    both = {**one, **{f"{key}2": value for key, value in two.items()}}
    facs = kind_of(first.name).scale is FACS
    pairs = grammar().facs.pair if facs else grammar().deviation.pair
    return rng.choice(pairs).format(**both)


def _fields(cue: Cue, rng: random.Random) -> dict[str, str]:
    """What templates of action units and prosody may ask for."""
    word = word_of(cue) or ""
    fields = {"phrase": kind_of(cue.name).phrase}
    if kind_of(cue.name).scale is FACS:
        everyday = grammar().facs.units[cue.name]
        fields |= {"au": cue.name, "np": rng.choice(everyday["np"])}
        fields |= {"state": rng.choice(everyday["state"])}
        return fields | {"w": rng.choice(grammar().facs.words.get(word, (word,)))}
    return fields | {"w": rng.choice(grammar().deviation.words[word])}


def _action_unit(cue: Cue, rng: random.Random) -> str:
    facs = grammar().facs
    templates = facs.absent if word_of(cue) == "absent" else facs.present
    return rng.choice(templates).format(**_fields(cue, rng))


def _likelihood(cue: Cue, rng: random.Random) -> str:
    where, _, emotion = cue.name.partition(".")
    phrases = grammar().likelihood
    words = phrases.words[word_of(cue) or ""]
    templates = phrases.face if where == "face" else phrases.voice
    if emotion == "neutral" or (word_of(cue) or "") in LIKELIHOOD.absent:
        templates = tuple(t for t in templates if "read as" not in t)
    return rng.choice(templates).format(c=noun(emotion), w=rng.choice(words))


def _deviation(cue: Cue, rng: random.Random) -> str:
    phrases, word = grammar().deviation, word_of(cue)
    if word is None:
        return rng.choice(phrases.unbased).format(phrase=kind_of(cue.name).phrase)
    fields = _fields(cue, rng)
    if cue.name == "blink.rate":
        return rng.choice(phrases.blink).format(**fields)
    way = _RISE.get(word) or _FALL.get(word)
    if way is None or rng.random() < 0.5:
        return rng.choice(phrases.any).format(**fields)
    state = rng.choice(phrases.states[cue.name][way]).format(a=phrases.adverbs[word])
    return rng.choice(phrases.everyday).format(**fields, state=state)


def _bipolar(cue: Cue, rng: random.Random) -> str:
    phrases, word = grammar().bipolar, word_of(cue) or ""
    dimension = cue.name.partition(".")[2]
    return rng.choice(phrases.any).format(
        phrase=kind_of(cue.name).phrase,
        w=rng.choice(phrases.words[word]),
        dim=dimension,
        adj=rng.choice(phrases.adjectives[dimension][word]),
    )


def _angle(cue: Cue, rng: random.Random) -> str:
    word = word_of(cue) or ""
    turned = "straight" if word == "straight" else "turned"
    text = rng.choice(grammar().angle[cue.name][turned])
    return text.replace("is ", "is strongly ", 1) if word.startswith("strongly") else text


def _quoted(cue: Cue, rng: random.Random) -> str | None:
    quote = quote_from(str(cue.value), rng)
    if quote is None:
        return None
    return rng.choice(grammar().words["scene" if cue.name == "scene" else "describe"]).format(
        q=quote
    )
