"""Expression from blendshapes, and its fusion with the face network's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from affect_llm.cues.face.layout import EXPRESSIONS
from affect_llm.errors import WeightsError
from affect_llm.types import Model

HEAD_FILE = "shape_head.json"
_LEAST_P = 1e-6
"""Probabilities count as at least this, so that none has a logarithm of minus infinity."""


class ShapeWeights(Model):
    """Multinomial logistic regression on blendshapes, plus the share it has in the answer.

    Args:
        expressions: the classes, in the order of `EXPRESSIONS`.
        shapes: names of the blendshapes, the columns.
        weights: (7, shapes).
        bias: (7,).
        share: weight of this head's log-probabilities against the network's, 0 to 1.
        temperature: divides the fused log-probabilities.
    """

    schema_version: Literal["affect-llm/face-shape-head@1"] = "affect-llm/face-shape-head@1"
    expressions: tuple[str, ...]
    shapes: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    share: float
    temperature: float


class ShapeHead:
    """The head that turns blendshapes into expressions, read from a folder.

    Args:
        folder: holds `shape_head.json`, made by `workshop.face`.

    Raises:
        WeightsError: the file is missing, corrupt or for other classes.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / HEAD_FILE
        try:
            self.parts = ShapeWeights.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise WeightsError(f"The blendshape head {path} cannot be read: {error}.") from error
        if self.parts.expressions != EXPRESSIONS:
            raise WeightsError(f"{path} tells {self.parts.expressions}, not {EXPRESSIONS}.")
        self._weights, self._bias = np.array(self.parts.weights), np.array(self.parts.bias)

    def fuse(
        self, network: NDArray[np.float64], shapes: Mapping[str, float]
    ) -> NDArray[np.float64]:
        """(7,) network probabilities and blendshapes → (7,) calibrated probabilities."""
        row = np.array([shapes[name] for name in self.parts.shapes])
        by_shapes = log_softmax(self._weights @ row + self._bias)
        share = self.parts.share
        mixed = (1 - share) * np.log(np.maximum(network, _LEAST_P)) + share * by_shapes
        return np.exp(log_softmax(mixed / self.parts.temperature))


def log_softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-probabilities along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return np.asarray(shifted - total)
