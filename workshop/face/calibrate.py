"""Temperatures, and the head on blendshapes, all settled on the validation part."""

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.layout import EXPRESSIONS
from affect_llm.cues.face.shape_head import ShapeWeights, log_softmax
from workshop.temperature import fit_temperature, negative_log_likelihood

_SHARES = np.linspace(0.0, 0.9, 19)
"""Weights of the blendshapes beside the network that are tried, in steps of a twentieth."""

Numbers = NDArray[np.float64]


def fit_shape_head(
    shapes: Numbers, labels: NDArray[np.int64], names: tuple[str, ...]
) -> ShapeWeights:
    """Logistic regression from (N, 52) blendshapes, not yet fused with anything."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = shapes.mean(axis=0), shapes.std(axis=0) + 1e-3
    model = LogisticRegression(C=0.1, max_iter=1000).fit((shapes - mean) / spread, labels)
    weights = np.zeros((len(EXPRESSIONS), shapes.shape[1]))
    bias = np.full(len(EXPRESSIONS), -10.0)  # an expression without examples stays unlikely
    weights[model.classes_] = model.coef_ / spread
    bias[model.classes_] = model.intercept_ - (model.coef_ / spread) @ mean
    return ShapeWeights(
        expressions=EXPRESSIONS,
        shapes=names,
        weights=tuple(tuple(round(float(w), 6) for w in row) for row in weights),
        bias=tuple(round(float(b), 6) for b in bias),
        share=0.0,
        temperature=1.0,
    )


def fused(
    head: ShapeWeights, network: Numbers, shapes: Numbers, labels: NDArray[np.int64]
) -> ShapeWeights:
    """The head with the share and temperature that suit held-out faces best.

    Args:
        head: fitted on other faces.
        network: (N, 7) the network's probabilities for the held-out faces.
        shapes: (N, 52) their blendshapes.
        labels: (N,).
    """
    own = log_softmax(shapes @ np.array(head.weights).T + np.array(head.bias))
    seen = np.log(np.maximum(network, 1e-6))
    tried: list[tuple[float, float, float]] = []
    for share in _SHARES:
        mixed = (1 - share) * seen + share * own
        temperature = fit_temperature(mixed, labels)
        loss = negative_log_likelihood(mixed / temperature, labels)
        tried.append((loss, float(share), temperature))
    _, share, temperature = min(tried)
    return head.model_copy(update={"share": round(share, 3), "temperature": temperature})
