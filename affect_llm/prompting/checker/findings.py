"""What one rule has to say of a sentence, and what it may look at."""

from collections.abc import Mapping
from dataclasses import dataclass

from affect_llm.types import Cue, Modality, Support


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; `problem` is None when it holds."""

    support: Support
    problem: str | None = None


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


HOLDS = Finding("supported")


def worst(findings: list[Finding]) -> Finding:
    """The gravest of several findings; contradicted comes before unsupported."""
    order = ("contradicted", "unsupported", "supported")
    return min(findings, key=lambda f: order.index(f.support))
