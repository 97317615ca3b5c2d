"""An explanation of a label, from nothing but the cues.

The embedded model learns from these texts, so each sentence can be derived from the cue lines
it cites: their phrase, their scale word, their quote. Which cues are told is decided by how far
they lean towards the label (`prompting.checker.associations`).
"""

import random
from collections.abc import Mapping, Sequence

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.prompting.checker.associations import evidence_of, leaning
from affect_llm.prompting.checker.emotions import LEANS, LEANS_CLEARLY
from affect_llm.prompting.explain.assemble import Draft, concluding, evidence
from affect_llm.prompting.explain.clauses import can_pair
from affect_llm.prompting.explain.nouns import same
from affect_llm.prompting.salience import untagged
from affect_llm.types import Cue, CueSheet, Modality

# The chances below vary the texts that the embedded model learned from; with others it would be
# asked to choose among sentences unlike those.
# One sentence less than the schema allows a model that writes; words alone give little to tell.
MAX_SENTENCES, MAX_FOR_WORDS = 5, 2
FOR, AGAINST = LEANS, -LEANS_CLEARLY
"""Leanings from which a cue is told as speaking for, or against, a label: the checker's own."""


def explain(
    sheet: CueSheet, label: str, verdicts: Mapping[Modality, str], rng: random.Random
) -> tuple[Draft, ...]:
    """Sentences that say what speaks for `label`, and what speaks against it.

    Args:
        sheet: all cues; every modality that has one gets at least one sentence. Where several
            people are seen, a sentence says of whom it speaks.
        label: the answer that is explained.
        verdicts: what each modality by itself suggests; `label` where one is missing.
        rng: chooses cues and phrasings; the same state gives the same text.

    Returns:
        Two to five sentences (one or two for a sheet with words only), none for an empty sheet.
    """
    sheet = CueSheet(cues=untagged(sheet.cues), absent=sheet.absent)
    present = [m for m in Modality if any(cue.modality == m for cue in sheet.cues)]
    order = sorted(present, key=lambda m: not same(verdicts.get(m, label), label))
    drafts: list[Draft] = []
    leads: dict[Modality, Cue] = {}
    for modality in order:
        verdict = verdicts.get(modality, label)
        contrast = bool(drafts) and not same(verdict, label)
        cues = [c for c in sheet.cues if c.modality == modality]
        # Fewer modalities leave more sentences to each, so that explanations stay about as long.
        room = {1: rng.choice((2, 2, 3)), 2: rng.choice((1, 2, 2))}.get(len(order), 1)
        for draft, lead in _modality(cues, verdict, label, contrast, room, rng):
            drafts.append(draft)
            if _favours(lead, verdict):
                leads.setdefault(modality, lead)
    if len(drafts) == 1 and set(order) != {Modality.TEXT}:
        # One more thing to tell where an explanation would be a single sentence.
        others = [c for c in sheet.cues if c.id not in drafts[0].cue_ids]
        drafts += [draft for draft, _ in _neutral(others, 1, rng)]
    most = MAX_SENTENCES if set(order) != {Modality.TEXT} else MAX_FOR_WORDS
    last = concluding(leads, label, verdicts, rng) if len(leads) > 1 or len(drafts) > 1 else None
    if last is None or (len(drafts) >= 2 and len(leads) < 2 and rng.random() < 0.5):
        return tuple(drafts[:most])
    return (*drafts[: most - 1], last)


def _modality(
    cues: Sequence[Cue], verdict: str, label: str, contrast: bool, room: int, rng: random.Random
) -> list[tuple[Draft, Cue]]:
    """Sentences of one modality, each with the cue it leads with."""
    if cues[0].modality == Modality.TEXT:
        return _text(cues, verdict, contrast, rng)
    drafts: list[tuple[Draft, Cue]] = []
    # Strongest for the verdict first; a little chance lets near ties change places.
    lean = {cue.id: leaning(cue, verdict) + rng.uniform(-0.1, 0.1) for cue in cues}
    pool = sorted(filter(tellable, cues), key=lambda cue: -lean[cue.id])
    favourable = [c for c in pool if _favours(c, verdict)]
    stance = "for" if same(verdict, label) else "instead"
    while favourable and len(drafts) < room:
        # Now and then a second cue is told in the same clause, where one can be.
        partners = [c for c in favourable[1:3] if can_pair(favourable[0], c)][:1]
        group = [favourable[0], *(partners if partners and rng.random() < 0.45 else [])]
        draft = evidence(group, stance, verdict, rng, contrast and not drafts)
        drafts += [(draft, group[0])] if draft else []
        favourable = [c for c in favourable if c not in group]
    against = [c for c in pool if leaning(c, label) <= AGAINST]
    if against and stance == "for" and (not drafts or rng.random() < 0.3):
        draft = evidence([against[-1]], "against", label, rng, bool(drafts))
        return [*drafts[: max(room - 1, 1)], (draft, against[-1])] if draft else drafts
    return drafts or _neutral(pool or cues, room, rng)


def _favours(cue: Cue, verdict: str) -> bool:
    """Whether a cue may be told as speaking for `verdict`; words are as their verdict says."""
    return kind_of(cue.name).quoted or leaning(cue, verdict) >= FOR


def tellable(cue: Cue) -> bool:
    """Whether the cue line has a word to tell."""
    return word_of(cue) is not None or isinstance(cue.value, str)


def _neutral(cues: Sequence[Cue], room: int, rng: random.Random) -> list[tuple[Draft, Cue]]:
    """When nothing leans anywhere, the most salient cues are told and not interpreted."""
    salient = sorted(cues, key=_worth_telling, reverse=True)[:room]
    drafts = [(evidence([cue], "none", "", rng), cue) for cue in salient]
    return [(draft, cue) for draft, cue in drafts if draft]


def _worth_telling(cue: Cue) -> float:
    """What is told first where nothing is interpreted: plain evidence, and what is there.

    Not `salience`, by which prompts choose: a number that is strong need not be evidence.
    """
    scale = kind_of(cue.name).scale
    present = scale is not None and scale.presence and word_of(cue) not in scale.absent
    return abs(evidence_of(cue)) + present + 0.1 * tellable(cue)


def _text(
    cues: Sequence[Cue], verdict: str, contrast: bool, rng: random.Random
) -> list[tuple[Draft, Cue]]:
    cue = rng.choice([c for c in cues if kind_of(c.name).quoted] or list(cues))
    drafts = [(evidence([cue], "for", verdict, rng, contrast), cue)]
    others = [c for c in cues if c.id != cue.id]
    if others and rng.random() < 0.3:
        other = rng.choice(others)
        drafts.append((evidence([other], "none", "", rng), other))
    return [(draft, cue) for draft, cue in drafts if draft]
