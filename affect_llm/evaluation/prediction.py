"""What the product is asked for, and what it answered for one annotated item."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, Protocol

from pydantic import Field

from affect_llm.config import Settings
from affect_llm.pipeline import Failure, Source
from affect_llm.types import CueSheet, EmotionResult, Modality, Model, Sentence, SupportCounts

State = Literal["answered", "abstained", "unparsed", "no_evidence", "failed"]


class Explainer(Protocol):
    """What `affect_llm.pipeline.Pipeline` does; tests put a stub in its place."""

    def run(self, sources: Iterable[Source]) -> Iterator[EmotionResult | Failure]:
        """Explain every source, in order."""
        ...

    def explain_sheets(self, sheets: Sequence[tuple[str, CueSheet]]) -> list[EmotionResult]:
        """Explain cues that were put together elsewhere, as the clips of the given ids."""
        ...


MakeExplainer = Callable[[Settings], Explainer]


class Truth(Model):
    """What people said of an item; a suite's task says which of these it reads.

    Args:
        label: of closed-set tasks; "" elsewhere.
        labels: of tasks with several or open labels.
        numbers: name → value, such as {"valence": 0.5}.
        text: a description.
    """

    label: str = ""
    labels: tuple[str, ...] = ()
    numbers: dict[str, float] = Field(default_factory=dict)
    text: str | None = None


class Prediction(Model):
    """An answer beside the truth.

    Args:
        gold: the true label, "" where the truth is none; the rest of the truth is in `truth`.
        state: "answered" is the only one that can be right. "no_evidence": nothing was found in
            the modalities that the answer was to rest on, such as a picture without a face.
        label: the most probable label, also where it was not shown; None if there is none.
        confidence: of `label`, 0 to 1.
        distribution: probability of every label of the set, where the backend gives any.
        open_labels: further words that the product chose freely.
        valence, arousal: -1 to 1.
        model: what answered; None where no reasoner was asked.
        made_by: digest of everything that an answer rests on beside its item: model, prompt,
            extractors, version. Answers with another one are of another product.
        asked: digest of what was asked about, so that a changed item is asked again.
    """

    id: str
    group: str
    gold: str
    truth: Truth = Truth()
    state: State
    label: str | None = None
    confidence: float | None = None
    distribution: dict[str, float] | None = None
    open_labels: tuple[str, ...] = ()
    valence: float | None = None
    arousal: float | None = None
    support: SupportCounts | None = None
    explanation: tuple[Sentence, ...] = ()
    problem: str | None = None
    model: str | None = None
    made_by: str = ""
    asked: str = ""

    @property
    def shown(self) -> str | None:
        """The verdict that a person would read."""
        return self.label if self.state == "answered" else None

    @property
    def leaning(self) -> str | None:
        """The most probable label, whether or not the confidence was high enough to show it."""
        return self.label if self.state in ("answered", "abstained") else None


def prediction_of(
    outcome: EmotionResult | Failure,
    *,
    id: str,
    group: str,
    gold: str,
    modalities: tuple[Modality, ...] = (),
) -> Prediction:
    """The outcome of one item; evidence must come from one of `modalities`, if any is given."""
    if isinstance(outcome, Failure):
        return Prediction(id=id, group=group, gold=gold, state="failed", problem=outcome.message)
    state: State = "abstained" if outcome.abstained else "answered"
    problem = None
    if modalities and all(cue.modality not in modalities for cue in outcome.sheet.cues):
        reasons = [a.reason for a in outcome.sheet.absent if a.modality in modalities]
        state, problem = "no_evidence", "; ".join(reasons) or f"no {' or '.join(modalities)} cue"
    elif not outcome.labels:
        state, problem = "unparsed", outcome.unparsed or "no label"
    made = outcome.provenance
    makers = "\n".join((made.affect_llm, made.prompt, made.model, *made.extractors))
    return Prediction(
        id=id,
        group=group,
        gold=gold,
        state=state,
        label=outcome.labels[0] if outcome.labels else None,
        confidence=outcome.confidence,
        distribution=outcome.distribution,
        open_labels=outcome.open_labels,
        valence=outcome.valence,
        arousal=outcome.arousal,
        support=outcome.support,
        explanation=outcome.explanation,
        problem=problem,
        model=made.model if outcome.raw else None,
        made_by=hashlib.sha256(makers.encode()).hexdigest()[:16] if outcome.raw else "",
    )
