"""What the product answered for one annotated item."""

from typing import Literal

from affect_llm.pipeline import Failure
from affect_llm.types import EmotionResult, Modality, Model, Sentence, SupportCounts

State = Literal["answered", "abstained", "unparsed", "no_evidence", "failed"]
STATES: tuple[State, ...] = ("answered", "abstained", "unparsed", "no_evidence", "failed")


class Prediction(Model):
    """An answer beside the truth.

    Args:
        state: "answered" is the only one that can be right. "no_evidence": nothing was found in
            the modality that the answer was to rest on, such as a picture without a face.
        label: the most probable label, also where it was not shown; None if there is none.
        confidence: of `label`, 0 to 1.
        model: what answered; None where no reasoner was asked.
    """

    id: str
    group: str
    gold: str
    state: State
    label: str | None = None
    confidence: float | None = None
    support: SupportCounts | None = None
    explanation: tuple[Sentence, ...] = ()
    problem: str | None = None
    model: str | None = None

    @property
    def shown(self) -> str | None:
        """The verdict that a person would read."""
        return self.label if self.state == "answered" else None

    @property
    def leaning(self) -> str | None:
        """The most probable label, whether or not the confidence was high enough to show it."""
        return self.label if self.state in ("answered", "abstained") else None


def prediction_of(
    outcome: EmotionResult | Failure, *, id: str, group: str, gold: str, modality: Modality | None
) -> Prediction:
    """The outcome of one item; `modality` is the one that evidence must come from, if any."""
    if isinstance(outcome, Failure):
        return Prediction(id=id, group=group, gold=gold, state="failed", problem=outcome.message)
    state, problem = _state(outcome, modality)
    return Prediction(
        id=id,
        group=group,
        gold=gold,
        state=state,
        label=outcome.labels[0] if outcome.labels else None,
        confidence=outcome.confidence,
        support=outcome.support,
        explanation=outcome.explanation,
        problem=problem,
        model=outcome.provenance.model if outcome.raw else None,
    )


def _state(result: EmotionResult, modality: Modality | None) -> tuple[State, str | None]:
    if modality is not None and all(cue.modality != modality for cue in result.sheet.cues):
        reasons = [a.reason for a in result.sheet.absent if a.modality == modality]
        return "no_evidence", "; ".join(reasons) or f"no {modality} cue"
    if not result.labels:
        return "unparsed", result.unparsed or "no label"
    return ("abstained" if result.abstained else "answered"), None
