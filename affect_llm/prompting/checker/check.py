"""Whether a sentence says only what the cues that it cites show.

Rules, no model: ids must resolve, quotes must occur, times must touch, and every claim that the
lexicon knows must be borne out by a cited cue of that kind. What is opposed by its cue is
contradicted; what no cited cue speaks of is unsupported.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from affect_llm.cues.catalogue import id_letters, kind_of
from affect_llm.prompting.checker import literal
from affect_llm.prompting.checker.claims import Claim, claims_of
from affect_llm.prompting.checker.emotions import judged, matches
from affect_llm.prompting.checker.levels import bears_out
from affect_llm.prompting.checker.mentions import mentions_of
from affect_llm.prompting.checker.rulings import (
    HOLDS,
    Cited,
    Ruling,
    contradicted,
    seen_of,
    unsupported,
)
from affect_llm.prompting.checker.tokens import Token, tokens_of
from affect_llm.types import CueSheet, Modality, Sentence, TimeSpan

_GRAVITY = ("contradicted", "unsupported", "supported")


@lru_cache(maxsize=1)
def bracketed_ids() -> re.Pattern[str]:
    """Cue ids in brackets, as models write them behind a sentence: "[F3, V1]"."""
    return re.compile(rf"[\[(]\s*(?:[{id_letters()}]\d+\s*[,;]?\s*)+[\])]")


def check_sentence(
    text: str,
    cue_ids: Sequence[str],
    sheet: CueSheet,
    verdicts: Mapping[Modality, str] | None = None,
    label: str | None = None,
) -> Ruling:
    """Hold one English sentence against the cues it cites.

    Args:
        text: the sentence, with or without the ids in brackets.
        cue_ids: what it cites.
        sheet: every cue of the clip.
        verdicts: what each modality by itself suggests; None when nobody has said.
        label: the answer that the sentence explains; None when it is not known.

    Returns:
        "supported" without a problem, or else the gravest problem found.
    """
    known = sheet.by_id()
    missing = [id_ for id_ in cue_ids if id_ not in known]
    if missing:
        return unsupported(f"there is no cue {', '.join(missing)} in this clip")
    if not cue_ids:
        return unsupported("it cites no cue")
    cited = Cited(tuple(known[id_] for id_ in cue_ids), verdicts or {}, label)
    rulings = _rulings(bracketed_ids().sub(" ", text), cited)
    if not rulings:
        return unsupported("nothing in it can be held against the cues it cites")
    return min(rulings, key=lambda ruling: _GRAVITY.index(ruling.support))


def check_all(
    drafts: Sequence[tuple[str, Sequence[str]]],
    sheet: CueSheet,
    verdicts: Mapping[Modality, str] | None = None,
    label: str | None = None,
) -> tuple[Sentence, ...]:
    """Sentences of an explanation with their spans and whether they hold.

    Args:
        drafts: (text, cue ids) in order.
        sheet: every cue of the clip.
        verdicts: as for `check_sentence`.
        label: as for `check_sentence`.
    """
    known = sheet.by_id()
    sentences = []
    for text, cue_ids in drafts:
        ruling = check_sentence(text, cue_ids, sheet, verdicts, label)
        spans = [known[id_].span for id_ in cue_ids if id_ in known]
        starts, ends = [s.start_s for s in spans], [s.end_s for s in spans]
        sentences.append(
            Sentence(
                text=text,
                cue_ids=tuple(cue_ids),
                span=TimeSpan(start_s=min(starts), end_s=max(ends)) if spans else None,
                support=ruling.support,
                problem=ruling.problem,
            )
        )
    return tuple(sentences)


def _rulings(text: str, cited: Cited) -> list[Ruling]:
    plain, quotes = literal.without_quotes(text)
    tokens = tokens_of(plain)
    mentions = mentions_of(tokens)
    return [
        *_literal(plain, quotes, cited),
        *(_borne_out(c, seen_of(cited, plain, c.position)) for c in claims_of(tokens)),
        *(judged(m, seen_of(cited, plain, m.position)) for m in mentions),
        *_uncited(tokens, cited, bool(mentions)),
        *_labels(text, cited),
    ]


def _literal(plain: str, quotes: Sequence[str], cited: Cited) -> list[Ruling]:
    rulings = [HOLDS] if quotes else []
    if problem := literal.quote_problem(quotes, cited.cues):
        wordy = any(isinstance(c.value, str) for c in cited.cues)
        rulings.append(contradicted(problem) if wordy else unsupported(problem))
    problems = (check(plain, cited.cues) for check in (literal.time_problem, literal.value_problem))
    return rulings + [contradicted(problem) for problem in problems if problem]


def _borne_out(claim: Claim, cited: Cited) -> Ruling:
    cues = [cue for cue in cited.cues if cue.name in claim.options]
    if any(bears_out(c, claim.options[c.name], claim.degree, claim.negated) for c in cues):
        return HOLDS
    if cues:
        return contradicted(f"{cues[0].id} does not bear out '{claim.text}'")
    if claim.mood is None or cited.of(Modality.AUDIO) or not cited.of(Modality.TEXT):
        return unsupported(f"no cited cue is about '{claim.text}'")
    # What is said of the words' mood is held against the verdict on the words.
    verdict = cited.verdicts.get(Modality.TEXT, cited.label)
    if verdict is None or matches(claim.mood, verdict):
        return HOLDS
    return contradicted(f"the words do not suggest a {claim.mood} mood")


def _uncited(tokens: Sequence[Token], cited: Cited, emotional: bool) -> list[Ruling]:
    """Things nothing measures, and modalities that no cited cue belongs to."""
    named = (t for t in tokens if t.type == "modality" and (emotional or t.key != Modality.TEXT))
    uncited = [t for t in named if not cited.of(Modality(t.key))]
    rulings = [unsupported(f"no cue measures '{t.text}'") for t in tokens if t.type == "unmeasured"]
    return rulings + [unsupported(f"it cites no cue for '{t.text}'") for t in uncited]


def _labels(text: str, cited: Cited) -> list[Ruling]:
    """A sentence that cites a label, as of a scene, has to repeat it."""
    return [
        HOLDS if str(cue.value).lower() in text.lower()
        else contradicted(f"{cue.id} is '{cue.value}'")
        for cue in cited.cues
        if kind_of(cue.name).labelled
    ]  # fmt: skip
