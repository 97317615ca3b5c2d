"""Does a sentence say only what the cues it cites show?

Rules, no model: ids must resolve, quotes must occur, times must touch, and every claim that the
lexicon knows must be borne out by a cited cue of that kind. What is opposed by its cue is
contradicted; what no cited cue speaks of is unsupported.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from affect_llm.prompting.checker.claims import Claim, claims_of
from affect_llm.prompting.checker.emotions import judged, matches
from affect_llm.prompting.checker.findings import HOLDS, Cited, Finding, worst
from affect_llm.prompting.checker.levels import bears_out
from affect_llm.prompting.checker.literal import (
    quote_problem,
    time_problem,
    value_problem,
    without_quotes,
)
from affect_llm.prompting.checker.mentions import Mention, mentions_of
from affect_llm.prompting.checker.persons import seen_of
from affect_llm.prompting.checker.tokens import Token, tokens_of
from affect_llm.types import Cue, CueSheet, Modality, Sentence, Support, TimeSpan

_IDS = re.compile(r"[\[(]\s*(?:[FVTS]\d+\s*[,;]?\s*)+[\])]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence holds, and what is wrong with it if not."""

    support: Support
    problem: str | None = None


def check_sentence(
    text: str,
    cue_ids: Sequence[str],
    sheet: CueSheet,
    verdicts: Mapping[Modality, str] | None = None,
    label: str | None = None,
) -> Verdict:
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
        return Verdict("unsupported", f"there is no cue {', '.join(missing)} in this clip")
    if not cue_ids:
        return Verdict("unsupported", "it cites no cue")
    cited = Cited(tuple(known[id_] for id_ in cue_ids), verdicts or {}, label)
    findings = _findings(_IDS.sub(" ", text), cited)
    if not findings:
        return Verdict("unsupported", "nothing in it can be held against the cues it cites")
    found = worst(findings)
    return Verdict(found.support, found.problem)


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
        verdict = check_sentence(text, cue_ids, sheet, verdicts, label)
        span = _hull([known[id_] for id_ in cue_ids if id_ in known])
        sentences.append(
            Sentence(
                text=text,
                cue_ids=tuple(cue_ids),
                span=span,
                support=verdict.support,
                problem=verdict.problem,
            )
        )
    return tuple(sentences)


def _hull(cues: Sequence[Cue]) -> TimeSpan | None:
    if not cues:
        return None
    return TimeSpan(
        start_s=min(c.span.start_s for c in cues), end_s=max(c.span.end_s for c in cues)
    )


def _findings(text: str, cited: Cited) -> list[Finding]:
    plain, quotes = without_quotes(text)
    tokens = tokens_of(plain)
    mentions = mentions_of(tokens)
    found = _literal(plain, quotes, cited)
    found += [_borne_out(c, seen_of(cited, plain, c.position)) for c in claims_of(tokens)]
    found += [_judged(m, seen_of(cited, plain, m.position)) for m in mentions]
    found += _unheard(tokens, cited, bool(mentions))
    return found + _scenes(text, cited)


def _judged(mention: Mention, cited: Cited) -> Finding:
    """As `judged`, of the cues that are left once a person is named."""
    if not cited.cues:
        return Finding("unsupported", "no cited cue is of the person that it names")
    return judged(mention, cited)


def _literal(plain: str, quotes: Sequence[str], cited: Cited) -> list[Finding]:
    found = [HOLDS] if quotes else []
    if problem := quote_problem(quotes, cited.cues):
        wordy = any(isinstance(c.value, str) for c in cited.cues)
        found.append(Finding("contradicted" if wordy else "unsupported", problem))
    for problem in (time_problem(plain, cited.cues), value_problem(plain, cited.cues)):
        found += [Finding("contradicted", problem)] if problem else []
    return found


def _borne_out(claim: Claim, cited: Cited) -> Finding:
    cues = [cue for cue in cited.cues if cue.name in claim.options]
    if any(bears_out(c, claim.options[c.name], claim.degree, claim.negated) for c in cues):
        return HOLDS
    if cues:
        return Finding("contradicted", f"{cues[0].id} does not bear out '{claim.text}'")
    if claim.mood and not cited.of(Modality.AUDIO):
        return _worded(claim, cited)
    return Finding("unsupported", f"no cited cue is about '{claim.text}'")


def _worded(claim: Claim, cited: Cited) -> Finding:
    """What is said of the words' mood is held against the verdict on the words."""
    verdict = cited.verdicts.get(Modality.TEXT, cited.label)
    mood = claim.mood or ""
    if not cited.of(Modality.TEXT):
        return Finding("unsupported", f"no cited cue is about '{claim.text}'")
    if verdict is None or matches(mood, verdict):
        return HOLDS
    return Finding("contradicted", f"the words do not suggest a {mood} mood")


def _unheard(tokens: Sequence[Token], cited: Cited, emotional: bool) -> list[Finding]:
    """Things nothing measures, and modalities that no cited cue belongs to."""
    found = [
        Finding("unsupported", f"no cue measures '{token.text}'")
        for token in tokens
        if token.type == "unmeasured"
    ]
    for token in tokens:
        spoken = token.type == "modality" and (emotional or token.key != Modality.TEXT)
        if spoken and not cited.of(Modality(token.key)):
            found.append(Finding("unsupported", f"it cites no cue for '{token.text}'"))
    return found


def _scenes(text: str, cited: Cited) -> list[Finding]:
    found = []
    for cue in cited.cues:
        if cue.name == "scene":
            told = str(cue.value).lower() in text.lower()
            found.append(HOLDS if told else Finding("contradicted", f"{cue.id} is '{cue.value}'"))
    return found
