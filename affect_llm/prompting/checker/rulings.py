"""What a rule has to say of a sentence, what it may look at, and how much of all holds."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from affect_llm.types import Cue, Modality, Sentence, Support, SupportCounts


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a sentence holds, by one rule or by all; `problem` is None when it does."""

    support: Support
    problem: str | None = None


HOLDS = Ruling("supported")


def contradicted(problem: str) -> Ruling:
    """Rule that the cited cues say otherwise."""
    return Ruling("contradicted", problem)


def unsupported(problem: str) -> Ruling:
    """Rule that no cited cue speaks of it."""
    return Ruling("unsupported", problem)


@dataclass(frozen=True, slots=True)
class Cited:
    """The cues a sentence cites, and the answer it belongs to.

    Args:
        cues: every cited cue.
        verdicts: what each modality suggests by itself; empty when nobody has said.
        label: the label of the answer; None when it is not known.
    """

    cues: tuple[Cue, ...]
    verdicts: Mapping[Modality, str]
    label: str | None

    def of(self, modality: Modality) -> tuple[Cue, ...]:
        """The cited cues of one modality."""
        return tuple(c for c in self.cues if c.modality == modality)


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


def counts(sentences: Sequence[Sentence]) -> SupportCounts:
    """How many sentences are supported, contradicted and unsupported."""
    number = Counter(sentence.support for sentence in sentences)
    return SupportCounts(**{support: number[support] for support in get_args(Support)})


def shown(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Only the sentences that hold, in order."""
    return tuple(s for s in sentences if s.support == "supported")
