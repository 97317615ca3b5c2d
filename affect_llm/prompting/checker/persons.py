"""A sentence that names a person may rest only on cues of that person."""

import re
from dataclasses import replace

from affect_llm.prompting.checker.rulings import Cited


def persons_in(text: str) -> list[tuple[str, int]]:
    """Track ids named in the sentence, each with where it stands."""
    return [(m[0].upper(), m.start()) for m in re.finditer(r"\bp\d+\b", text, flags=re.I)]


def seen_of(cited: Cited, text: str, position: int) -> Cited:
    """The cited cues that belong to the person named beside `position`; all if none is.

    A person named between the same two commas comes first, then the last one named before.
    """
    named = persons_in(text)
    if not named:
        return cited
    start = max((m.end() for m in re.finditer(r"[,;:]", text[:position])), default=0)
    stop = re.search(r"[,;:]", text[position:])
    end = position + stop.start() if stop else len(text)
    here = [name for name, at in named if start <= at < end]
    before = [name for name, at in named if at <= position]
    person = (here or before[-1:] or [named[0][0]])[0]
    return replace(cited, cues=tuple(c for c in cited.cues if c.person in (person, None)))
