"""The last sentence: what the cues suggest together, or where they disagree."""

import random
from collections.abc import Mapping, Sequence

from affect_llm.cues.catalogue import family_of
from affect_llm.prompting.explain.assemble import Draft, drafted
from affect_llm.prompting.explain.grammar import grammar
from affect_llm.prompting.explain.nouns import noun, same
from affect_llm.types import Cue, Modality


def concluding(
    told: Mapping[Modality, Cue], label: str, verdicts: Mapping[Modality, str], rng: random.Random
) -> Draft | None:
    """A sentence over the leading cue of each modality told; None when nothing was told."""
    agreeing = [m for m in told if same(verdicts.get(m, label), label)]
    opposed = [m for m in told if m not in agreeing]
    if agreeing and opposed:
        return _conflict(agreeing[0], rng.choice(opposed), told, label, verdicts, rng)
    if opposed:
        return None
    return _agreement(agreeing, told, label, rng) if agreeing else None


def _agreement(
    modalities: Sequence[Modality], told: Mapping[Modality, Cue], label: str, rng: random.Random
) -> Draft | None:
    names = [_called(told[m], rng) for m in modalities]
    one_face = all(told[m].person is None for m in modalities)
    specific = {2: "agree", 3: "agree3" if one_face else None}.get(len(modalities))
    form = specific if specific and rng.random() < 0.6 else "one"
    fields = {"e": noun(label), "m": names[0], "m2": names[-1]}
    ids = [told[m].id for m in modalities[:3]]
    return drafted(lambda: rng.choice(grammar().conclusion[form]).format(**fields), ids)


def _conflict(
    one: Modality,
    other: Modality,
    told: Mapping[Modality, Cue],
    label: str,
    verdicts: Mapping[Modality, str],
    rng: random.Random,
) -> Draft | None:
    fields = {
        "e": noun(label),
        "e2": noun(verdicts[other]),
        "m": _called(told[one], rng),
        "m2": _called(told[other], rng),
    }
    ids = [told[one].id, told[other].id]
    return drafted(lambda: rng.choice(grammar().conclusion["conflict"]).format(**fields), ids)


def _called(cue: Cue, rng: random.Random) -> str:
    family = family_of(cue.name)
    name = rng.choice(family.called or (family.name,))
    return f"{name} of {cue.person}" if cue.person else name
