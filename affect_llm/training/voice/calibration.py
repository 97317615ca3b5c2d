"""The temperature that makes the head's probabilities come true as often as they say."""

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.voice.head import softmax_rows


def fit_temperature(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The temperature in [0.1, 10] with the least negative log-likelihood (Guo et al. 2017)."""
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        p = softmax_rows(logits / np.exp(log_temperature))
        return float(-np.log(p[np.arange(len(labels)), labels] + 1e-12).mean())

    best = minimize_scalar(loss, bounds=(np.log(0.1), np.log(10.0)), method="bounded")
    return float(np.exp(best.x))


def expected_calibration_error(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64], bins: int = 10
) -> float:
    """Gap between the top probability and being right, over equally wide bins, 0 to 1."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        (which == b).mean() * abs(confidence[which == b].mean() - right[which == b].mean())
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))
