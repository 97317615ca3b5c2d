"""True sentences with one thing in them made false, to measure what a checker catches."""

import random
import re
from collections.abc import Callable

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.cues.kinds import EMOTIONS, CueKind
from affect_llm.prompting.checker.associations import leaning
from affect_llm.prompting.explain.assemble import Draft
from affect_llm.prompting.explain.nouns import noun, same
from affect_llm.types import Cue, CueSheet

Falsifier = Callable[[Draft, CueSheet, random.Random], Draft | None]
_MIN_STEPS = 2
_SYNONYMS = {
    "mild": "slight", "clear": "marked", "strong": "severe", "extreme": "maximum",
    "probable": "likely", "highly likely": "very likely", "normal": "typical",
    "somewhat low": "slightly low", "somewhat high": "slightly high",
}  # fmt: skip
_NAMED = sorted({noun(e) for e in EMOTIONS}, key=len, reverse=True)
_QUOTE = re.compile(r'"([^"]+)"')


def falsify(draft: Draft, sheet: CueSheet, rng: random.Random) -> Draft | None:
    """`draft` with one falsehood planted; None when it offers no place for one.

    Args:
        draft: a true sentence of the writer.
        sheet: the sheet it was written from.
        rng: chooses what is falsified, and how.
    """
    named = list(FALSIFIERS)
    rng.shuffle(named)
    made = (FALSIFIERS[name](draft, sheet, rng) for name in named)
    return next((false for false in made if false is not None), None)


def _told(draft: Draft, sheet: CueSheet) -> list[Cue]:
    known = sheet.by_id()
    return [known[id_] for id_ in draft.cue_ids]


def flip_level(draft: Draft, sheet: CueSheet, rng: random.Random) -> Draft | None:
    """Another word of the scale, at least two steps away and on the other side of "present"."""
    cues = _told(draft, sheet)
    if len(cues) != 1:
        return None
    kind, word = kind_of(cues[0].name), word_of(cues[0])
    if word is None:
        return None
    synonyms = sorted((s for s, w in _SYNONYMS.items() if w == word), key=len, reverse=True)
    said = [w for w in (word, *synonyms) if len(re.findall(rf"\b{w}\b", draft.text)) == 1]
    if not said:
        return None
    text = re.sub(rf"\b{said[-1]}\b", rng.choice(_opposed(kind, word)), draft.text)
    return Draft(re.sub(r"\b([Aa])n? (?=absent|exc)", r"\1n ", text), draft.cue_ids)


def _opposed(kind: CueKind, word: str) -> list[str]:
    scale = kind.scale
    assert scale is not None, "only what has a word is opposed"
    far = [w for w in scale.words() if abs(scale.rank(w) - scale.rank(word)) >= _MIN_STEPS]
    if kind.code:  # an absent action unit takes another sentence, not another word
        return [w for w in far if w not in scale.absent] or ["marked"]
    if kind.score:
        return [w for w in far if (w in scale.absent) is not (word in scale.absent)]
    return [w for w in far if w != scale.middle] or far


def swap_cue(draft: Draft, sheet: CueSheet, rng: random.Random) -> Draft | None:
    """A single cited id becomes that of a cue of another family."""
    cues = _told(draft, sheet)
    others = [c for c in sheet.cues if c.family != cues[0].family and not kind_of(c.name).labelled]
    if len(cues) != 1 or not others or re.search(r"\b(cues (?!for)|evidence)", draft.text):
        return None
    return Draft(draft.text, (rng.choice(others).id,))


def swap_quote(draft: Draft, sheet: CueSheet, rng: random.Random) -> Draft | None:
    """The quote loses a word and gains another one."""
    match = _QUOTE.search(draft.text)
    if match is None:
        return None
    words = match[1].split()
    words[rng.randrange(len(words))] = rng.choice(("pineapple", "yesterday", "unicorns", "seven"))
    wrong = " ".join(words)
    return Draft(draft.text.replace(match[1], wrong, 1), draft.cue_ids)


def wrong_time(draft: Draft, sheet: CueSheet, rng: random.Random) -> Draft | None:
    """A time after all that was cited."""
    late = max(cue.span.end_s for cue in _told(draft, sheet)) + rng.uniform(1, 20)
    if re.search(r"\d s\b", draft.text):
        return None
    return Draft(f"{draft.text.removesuffix('.')}, at {late:.1f} s.", draft.cue_ids)


def swap_emotion(draft: Draft, sheet: CueSheet, rng: random.Random) -> Draft | None:
    """The emotion that the sentence ends on becomes one that no cited cue leans to."""
    found = [name for name in _NAMED if re.search(rf"\b{name}\b", draft.text)]
    if len(found) != 1 or _speaks_against(draft.text) or "sounds" in draft.text:
        return None
    cues = _told(draft, sheet)
    wrong = [
        e
        for e in EMOTIONS
        if noun(e) not in found and not same(e, found[0]) and all(leaning(c, e) <= 0 for c in cues)
    ]
    if not wrong:
        return None
    text = draft.text.replace(found[0], noun(rng.choice(wrong)))
    return Draft(text[0].upper() + text[1:], draft.cue_ids)


def _speaks_against(text: str) -> bool:
    against = ("against", "not fit", "at odds", "less typical", "weakens", "nlikely", "disagree")
    return any(word in text for word in against)


def assert_absent(draft: Draft, sheet: CueSheet, rng: random.Random) -> Draft | None:
    """An action unit that the sheet has as absent is said to be there."""
    absent = [c for c in sheet.cues if kind_of(c.name).code and word_of(c) == "absent"]
    if not absent:
        return None
    cue = rng.choice(absent)
    word = rng.choice(("slight", "marked", "severe"))
    return Draft(f"The face shows a {word} {kind_of(cue.name).phrase} ({cue.name}).", (cue.id,))


FALSIFIERS: dict[str, Falsifier] = {
    "level": flip_level,
    "cue": swap_cue,
    "quote": swap_quote,
    "time": wrong_time,
    "emotion": swap_emotion,
    "absent": assert_absent,
}
"""Every way to plant a falsehood, by name."""
