"""The interface of every judge."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from affect_llm.evaluation.judges.judgement import Aspect, JudgeCard, Judgement


@dataclass(frozen=True, slots=True)
class OverlapQuestion:
    """How far does `candidate` overlap with `reference` in `aspect`?"""

    id: str
    aspect: Aspect
    reference: str
    candidate: str

    @property
    def texts(self) -> tuple[str, str]:
        """The sha256 of reference and candidate."""
        reference, candidate = (
            hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            for text in (self.reference, self.candidate)
        )
        return reference, candidate


class Judge(Protocol):
    """Compares descriptions; the same question always gets the same judgement."""

    @property
    def card(self) -> JudgeCard:
        """Everything that the judge's scores depend on besides the texts."""
        ...

    def judge(self, questions: Sequence[OverlapQuestion]) -> list[Judgement]:
        """One judgement per question, in order."""
        ...


def emptiness(question: OverlapQuestion, card: JudgeCard) -> Judgement | None:
    """The judgement of a pair with an empty text; None where both have words.

    A reference without words cannot be overlapped with and gives no score. A candidate without
    words overlaps in nothing, which is a score of 0 and is noted as such.
    """
    if not question.reference.strip():
        return settled(question, card, problem="the reference is empty")
    if not question.candidate.strip():
        return settled(question, card, note="the candidate is empty")
    return None


def settled(
    question: OverlapQuestion,
    card: JudgeCard,
    *,
    problem: str | None = None,
    note: str | None = None,
    replies: tuple[str, ...] = (),
) -> Judgement:
    """A judgement without comparing: no score because of `problem`, or 0 because of `note`."""
    return Judgement(
        id=question.id,
        aspect=question.aspect,
        score=0.0 if problem is None else None,
        problem=problem,
        note=note,
        replies=replies,
        texts=question.texts,
        judge=card,
    )
