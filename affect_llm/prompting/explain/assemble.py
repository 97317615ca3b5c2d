"""Clauses, openers and tails become sentences of a readable length; the last one concludes."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from affect_llm.cues.catalogue import family_of, kind_of
from affect_llm.prompting.explain.clauses import clause
from affect_llm.prompting.explain.grammar import grammar
from affect_llm.prompting.explain.nouns import noun, same
from affect_llm.prompting.explain.quotation import quote_from
from affect_llm.types import Cue, Modality

MIN_WORDS, MAX_WORDS, _TRIES = 7, 18, 12
"""Words of a readable sentence, and phrasings of which the best is taken; the embedded model has
learned from texts made so."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence before anything has checked it, and the ids of the cues it rests on."""

    text: str
    cue_ids: tuple[str, ...]


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
        if stance != "none" and kind_of(cues[0].name).quoted:
            return _words(cues[0], emotion, rng, contrast)
        text = clause(cues, rng)
        if text is None:
            return None
        # No tail says of anger that it suggests anger.
        scored = kind_of(cues[0].name).score
        plain = stance == "none" or (scored and same(scored, emotion) and stance != "against")
        tail = "" if plain else rng.choice(grammar().tails[stance]).format(e=noun(emotion))
        # One sentence in twenty says when: the report shows the times beside each one anyway.
        timed = rng.choice(grammar().times) if rng.random() < 0.05 and len(cues) == 1 else ""
        span = cues[0].span
        times = timed.format(a=f"{span.start_s:.1f}", b=f"{span.end_s:.1f}")
        return _opener(cues[0], rng, contrast, text) + text + times + tail

    return drafted(build, [cue.id for cue in cues])


def concluding(
    leads: Mapping[Modality, Cue], label: str, verdicts: Mapping[Modality, str], rng: random.Random
) -> Draft | None:
    """A sentence over the leading cue of each modality told; None when nothing was told."""
    agreeing = [m for m in leads if same(verdicts.get(m, label), label)]
    opposed = [m for m in leads if m not in agreeing]
    if not agreeing:
        return None
    if opposed:
        other = rng.choice(opposed)
        cited = [leads[agreeing[0]], leads[other]]
        names = [_called(cue, rng) for cue in cited]
        form, against = "conflict", noun(verdicts[other])
    else:
        cited = [leads[m] for m in agreeing]
        names = [_called(cue, rng) for cue in cited]
        one_face = all(cue.person is None for cue in cited)
        specific = {2: "agree", 3: "agree3" if one_face else None}.get(len(cited))
        form, against = specific if specific and rng.random() < 0.6 else "one", ""
    fields = {"e": noun(label), "e2": against, "m": names[0], "m2": names[-1]}
    ids = [cue.id for cue in cited[:3]]
    return drafted(lambda: rng.choice(grammar().conclusion[form]).format(**fields), ids)


def drafted(build: Callable[[], str | None], cue_ids: Sequence[str]) -> Draft | None:
    """The first phrasing of a readable length, or else the one that comes nearest."""
    texts = [text for text in (build() for _ in range(_TRIES)) if text is not None]
    if not texts:
        return None
    counted = [(len(text.split()), text) for text in texts]
    _, text = min(counted, key=lambda pair: max(MIN_WORDS - pair[0], pair[0] - MAX_WORDS, 0))
    # "Trace" is a noun among adjectives: templates are written for "a slight smile".
    text = re.sub(r"\b(a|the) trace (?!level)", r"\1 trace of ", text)
    text = text.replace(" is trace", " is only a trace")
    text = re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)
    return Draft(text[0].upper() + text[1:] + ".", tuple(cue_ids))


def _opener(cue: Cue, rng: random.Random, contrast: bool, text: str) -> str:
    whose = rng.choice(grammar().persons).format(p=cue.person) if cue.person else ""
    if contrast:
        return rng.choice(grammar().contrast) + whose
    if whose:
        return whose
    placed = re.search(r"\b(face|facial|voice|vocal|video|recording|speech)\b", text)
    return "" if placed else rng.choice(grammar().openers.get(family_of(cue.name).name, ("",)))


def _words(cue: Cue, emotion: str, rng: random.Random, contrast: bool) -> str:
    quote = quote_from(str(cue.value), rng)
    plain = quote is None or rng.random() < 0.15
    templates = grammar().words["suggest_plain" if plain else "suggest"]
    opener = rng.choice(grammar().contrast) if contrast else ""
    return opener + rng.choice(templates).format(q=quote, e=noun(emotion))


def _called(cue: Cue, rng: random.Random) -> str:
    family = family_of(cue.name)
    name = rng.choice(family.called or (family.name,))
    return f"{name} of {cue.person}" if cue.person else name
