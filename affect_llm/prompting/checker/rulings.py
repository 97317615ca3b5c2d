"""What a rule has to say of a sentence, and what it may look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from affect_llm.types import Cue, Modality, Support


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


def worst(rulings: Sequence[Ruling]) -> Ruling:
    """The gravest of several rulings; contradicted comes before unsupported."""
    order = ("contradicted", "unsupported", "supported")
    return min(rulings, key=lambda ruling: order.index(ruling.support))


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
