"""Puts cue sheets to the product, as `answering` does with files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from affect_llm.evaluation.explainer import Explainer
from affect_llm.evaluation.log import PredictionLog, progress
from affect_llm.evaluation.prediction import Prediction, prediction_of
from affect_llm.types import CueSheet


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """Cues to be explained as the clip called `clip_id`; `gold` is "" where there is none."""

    id: str
    clip_id: str
    gold: str
    sheet: CueSheet


def answer_sheets(
    name: str,
    questions: Sequence[SheetQuestion],
    explainer: Explainer,
    log: PredictionLog,
    batch_size: int,
) -> list[Prediction]:
    """Predictions in order, asked in batches; those in `log` are not asked again.

    Raises:
        AffectError: the product cannot answer.
    """
    left = [question for question in questions if question.id not in log.answered]
    if left:
        log.append(progress(_fresh(left, explainer, batch_size), name, len(left)))
    return [log.answered[question.id] for question in questions]


def _fresh(
    questions: Sequence[SheetQuestion], explainer: Explainer, batch_size: int
) -> Iterator[Prediction]:
    for start in range(0, len(questions), batch_size):
        batch = questions[start : start + batch_size]
        results = explainer.explain_sheets([(q.clip_id, q.sheet) for q in batch])
        for question, result in zip(batch, results, strict=True):
            yield prediction_of(
                result, id=question.id, group=question.clip_id, gold=question.gold, modality=None
            )
