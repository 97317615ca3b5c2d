"""The last sentence: what the cues suggest together, or where they disagree."""

import random
from collections.abc import Mapping

from affect_llm.cues.catalogue import family_of
from affect_llm.prompting.explain.assemble import Draft, drafted
from affect_llm.prompting.explain.grammar import grammar
from affect_llm.prompting.explain.nouns import noun, same
from affect_llm.types import Cue, Modality


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


def _called(cue: Cue, rng: random.Random) -> str:
    family = family_of(cue.name)
    name = rng.choice(family.called or (family.name,))
    return f"{name} of {cue.person}" if cue.person else name
