"""Whether answers come true as often as their confidence says."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.scores import SEED
from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.metrics.calibration_error import expected_calibration_error
from affect_llm.types import Score


def calibration_score(predictions: Sequence[Prediction]) -> Score:
    """Expected calibration error of the most probable label, also where it was not shown.

    Leaving out what the product abstained from would hide the calibration of low confidences.
    Predictions without a label or a confidence are counted in `skipped`.
    """
    sure = [p for p in predictions if p.leaning is not None and p.confidence is not None]
    confidence = [p.confidence or 0.0 for p in sure]
    correct = [p.leaning == p.gold for p in sure]

    def statistic(index: NDArray[np.intp]) -> float | None:
        return expected_calibration_error(
            [confidence[i] for i in index], [correct[i] for i in index]
        )

    left_out = len(predictions) - len(sure)
    return Score(
        name="expected_calibration_error",
        value=statistic(np.arange(len(sure))),
        n=len(sure),
        interval=bootstrap_interval(
            statistic, [p.group for p in sure], np.random.default_rng(SEED)
        ),
        skipped={"no label or confidence": left_out} if left_out else {},
    )
