"""Which cues a claim may rest on when the sentence names a person."""

import re
from dataclasses import replace

from affect_llm.prompting.checker.findings import Cited
from affect_llm.prompting.checker.literal import persons_in


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
