"""Puts cue sheets to the product, as `answering` does with files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from affect_llm.errors import AffectError
from affect_llm.evaluation.answering import progress
from affect_llm.evaluation.explainer import Explainer
from affect_llm.evaluation.log import PredictionLog
from affect_llm.evaluation.prediction import Prediction, prediction_of
from affect_llm.pipeline import Failure
from affect_llm.types import CueSheet


@dataclass(frozen=True, slots=True)
class Question:
    """Cues to be explained as the clip called `clip_id`; `gold` is "" where there is none."""

    id: str
    clip_id: str
    gold: str
    sheet: CueSheet


def answer_sheets(
    name: str, questions: Sequence[Question], explainer: Explainer, log: PredictionLog
) -> list[Prediction]:
    """Predictions in order; those in `log` are not asked again."""
    left = [question for question in questions if question.id not in log.answered]
    if left:
        log.append(progress(_fresh(left, explainer), name, len(left)))
    return [log.answered[question.id] for question in questions]


def _fresh(questions: Sequence[Question], explainer: Explainer) -> Iterator[Prediction]:
    for question in questions:
        try:
            outcome = explainer.explain_sheet(question.sheet, clip_id=question.clip_id)
        except AffectError as error:
            failure = Failure(name=question.id, message=str(error))
            yield prediction_of(
                failure, id=question.id, group=question.clip_id, gold=question.gold, modality=None
            )
            continue
        yield prediction_of(
            outcome, id=question.id, group=question.clip_id, gold=question.gold, modality=None
        )
