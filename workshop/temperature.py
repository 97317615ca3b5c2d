"""The temperature that makes probabilities come true as often as they say."""

import numpy as np
from numpy.typing import NDArray

LEAST, MOST = 0.1, 10.0


def fit_temperature(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The temperature in [LEAST, MOST] with the least negative log-likelihood.

    Source: Guo et al. 2017 (arXiv 1706.04599), section 4.2.

    Args:
        logits: (N, C).
        labels: (N,) index of the right class.
    """
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        return negative_log_likelihood(logits / np.exp(log_temperature), labels)

    best = minimize_scalar(loss, bounds=(np.log(LEAST), np.log(MOST)), method="bounded")
    return float(np.exp(best.x))


def negative_log_likelihood(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Mean over the rows of `logits` (N, C), in nats."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    total = np.log(np.exp(shifted).sum(axis=1))
    return float((total - shifted[np.arange(len(labels)), labels]).mean())
