"""Scores of the product's answers that no task has: calibration and faithfulness."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from affect_llm.evaluation.intervals import ratio_score, score_of
from affect_llm.evaluation.prediction import Prediction
from affect_llm.metrics.calibration_error import expected_calibration_error
from affect_llm.metrics.resamples import Indices
from affect_llm.types import Score


def calibration_score(predictions: Sequence[Prediction]) -> Score:
    """Expected calibration error of the most probable label, also where it was not shown.

    Leaving out what the product abstained from would hide the calibration of low confidences.
    Predictions without a label or a confidence are counted in `skipped`.
    """
    sure = [p for p in predictions if p.leaning is not None and p.confidence is not None]
    confidence = np.array([p.confidence for p in sure], dtype=np.float64)
    correct = np.array([p.leaning == p.gold for p in sure], dtype=np.bool_)

    def error(items: Indices) -> float | None:
        return expected_calibration_error(confidence[items].tolist(), correct[items].tolist())

    skipped = {"no label or confidence": len(predictions) - len(sure)}
    return score_of("expected_calibration_error", error, [p.group for p in sure], skipped)


def unfaithful_share(predictions: Sequence[Prediction]) -> Score:
    """Unsupported and contradicted sentences among all, as the checker marked them.

    `n` counts sentences. Predictions without a sentence are counted in `skipped`, by state.
    """
    explained = [p for p in predictions if p.explanation]
    wrong = np.array([sum(s.support != "supported" for s in p.explanation) for p in explained])
    total = np.array([len(p.explanation) for p in explained])
    silent = Counter(f"{p.state}, no sentences" for p in predictions if not p.explanation)
    return ratio_score("unfaithful_sentences", wrong, total, [p.group for p in explained], silent)
