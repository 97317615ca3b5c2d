"""A cue, or two of a kind, becomes a clause that says no more than its line does."""

import random
from collections.abc import Sequence

from affect_llm.cues.catalogue import family_of, kind_of, word_of
from affect_llm.prompting.explain.grammar import Phrases, grammar
from affect_llm.prompting.explain.nouns import noun
from affect_llm.prompting.explain.quotation import quote_from
from affect_llm.types import Cue


def clause(cues: Sequence[Cue], rng: random.Random) -> str | None:
    """A clause in lower case without a full stop; None when the cues have nothing to tell.

    Args:
        cues: one cue, or two that `can_pair` allows.
        rng: chooses the phrasing.
    """
    phrases = grammar()
    if len(cues) == 2:
        one, two = _fields(cues[0], rng), _fields(cues[1], rng)
        both = {**one, **{f"{key}2": value for key, value in two.items()}}
        facs = cues[0].name in phrases.facs.units
        return rng.choice(phrases.facs.pair if facs else phrases.deviation.pair).format(**both)
    cue = cues[0]
    if isinstance(cue.value, str):
        return _quoted(cue, cue.value, rng)
    kind = kind_of(cue.name)
    if clauses := family_of(cue.name).words.clauses.get(cue.name):
        return _general(cue, clauses, rng)
    if cue.name in phrases.facs.units:
        present = phrases.facs.absent if word_of(cue) == "absent" else phrases.facs.present
        return rng.choice(present).format(**_fields(cue, rng))
    if kind.score and kind.family in phrases.likelihood.scores:
        return _score(cue, kind.score, phrases.likelihood.scores[kind.family], rng)
    if cue.name in {**phrases.deviation.states, **phrases.deviation.kinds}:
        return _deviation(cue, rng)
    if cue.name in phrases.bipolar.adjectives:
        return _bipolar(cue, rng)
    if cue.name in phrases.share:
        return rng.choice(phrases.share[cue.name]).format(w=word_of(cue))
    if cue.name in phrases.angle:
        word = word_of(cue) or ""
        turned = phrases.angle[cue.name]["straight" if word == "straight" else "turned"]
        text = rng.choice(turned)
        return text.replace("is ", "is strongly ", 1) if word.startswith("strongly") else text
    return _general(cue, None, rng)


def can_pair(first: Cue, second: Cue) -> bool:
    """Whether one clause may tell both: two action units of one face, or two prosody cues."""
    names, words = {first.name, second.name}, (word_of(first), word_of(second))
    if len(names) == 1 or first.person != second.person or None in words or "absent" in words:
        return False
    return any(names <= set(t) for t in (grammar().facs.units, grammar().deviation.states))


def _fields(cue: Cue, rng: random.Random) -> dict[str, str]:
    """What templates of action units and prosody may ask for."""
    word, kind = word_of(cue) or "", kind_of(cue.name)
    everyday = grammar().facs.units.get(cue.name)
    if everyday is None:
        return {"phrase": kind.phrase, "w": rng.choice(grammar().deviation.words[word])}
    fields = {name: rng.choice(everyday[name]) for name in ("np", "state")}
    word = rng.choice(grammar().facs.words.get(word, (word,)))
    return {**fields, "phrase": kind.phrase, "au": kind.code or kind.name, "w": word}


def _score(cue: Cue, emotion: str, templates: Phrases, rng: random.Random) -> str:
    word, scale = word_of(cue) or "", kind_of(cue.name).scale
    if emotion == "neutral" or (scale and word in scale.absent):
        # A face is not "read as unlikely anger", nor "as likely a neutral state".
        templates = tuple(t for t in templates if "read as" not in t)
    words = grammar().likelihood.words[word]
    return rng.choice(templates).format(c=noun(emotion), w=rng.choice(words))


def _deviation(cue: Cue, rng: random.Random) -> str:
    phrases, word = grammar().deviation, word_of(cue)
    if word is None:
        return rng.choice(phrases.unbased).format(phrase=kind_of(cue.name).phrase)
    fields = _fields(cue, rng)
    if cue.name in phrases.kinds:
        return rng.choice(phrases.kinds[cue.name]).format(**fields)
    way = next((way for way in ("low", "high") if word.endswith(way)), None)
    if way is None or rng.random() < 0.5:
        return rng.choice(phrases.any).format(**fields)
    state = rng.choice(phrases.states[cue.name][way]).format(a=phrases.adverbs[word])
    return rng.choice(phrases.everyday).format(**fields, state=state)


def _bipolar(cue: Cue, rng: random.Random) -> str:
    phrases, word = grammar().bipolar, word_of(cue) or ""
    return rng.choice(phrases.any).format(
        phrase=kind_of(cue.name).phrase,
        w=rng.choice(phrases.words[word]),
        dim=cue.name.partition(".")[2],
        adj=rng.choice(phrases.adjectives[cue.name][word]),
    )


def _general(cue: Cue, templates: Phrases | None, rng: random.Random) -> str:
    """A clause from a kind's phrase and word, in its family's templates or its scale's."""
    kind, word, general = kind_of(cue.name), word_of(cue), grammar().general
    scale = kind.scale.name if kind.scale else ""
    if word is None:
        templates = grammar().deviation.unbased
    elif templates is None and scale == "angle":
        templates = general["straight" if word == "straight" else "turned"]
    elif templates is None:
        templates = general.get("scores" if kind.score else scale, general["any"])
    return rng.choice(templates).format(phrase=kind.phrase, w=word)


def _quoted(cue: Cue, text: str, rng: random.Random) -> str | None:
    if (quote := quote_from(text, rng)) is None:
        return None
    kind, words = kind_of(cue.name), grammar().words
    labels = words.get(cue.name, grammar().general["label"])
    templates = labels if kind.labelled else words["describe"]
    return rng.choice(templates).format(q=quote, phrase=kind.phrase)
