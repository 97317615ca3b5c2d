"""How well a face network does on the faces that nothing was chosen by."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.layout import EXPRESSIONS, TAUGHT_UNITS
from affect_llm.cues.face.reader import FaceReader
from affect_llm.types import Model
from workshop.face.kit import LabelledFaces
from workshop.face.teachers import Lessons

_DRAWS = 2000
"""Draws of the bootstrap: the interval is given to four digits."""


class FaceReport(Model):
    """Numbers on the test part, read from the whole 48x48 pictures.

    Args:
        accuracy: share of right expressions.
        interval: its 95 % bootstrap interval over pictures.
        majority: accuracy of always answering the commonest expression.
        teacher: accuracy of mini_XCEPTION on the same pictures.
        recall: per expression.
        unit_correlation: Pearson's r of each action unit with MediaPipe's.
    """

    n: int
    accuracy: float
    interval: tuple[float, float]
    majority: float
    teacher: float
    recall: dict[str, float]
    unit_correlation: dict[str, float]


def report(faces: LabelledFaces, lessons: Lessons, folder: Path) -> FaceReport:
    """Measure the weights in `folder` on the test part of `faces`."""
    test = faces.within("test")
    labels = faces.labels[test]
    reading = FaceReader(folder).read(faces.images[test])
    right = reading.expressions.argmax(axis=1) == labels
    seen = lessons.seen[test]
    taught = lessons.signs[test][seen, : len(TAUGHT_UNITS)]
    return FaceReport(
        n=len(labels),
        accuracy=round(float(right.mean()), 4),
        interval=_interval(right),
        majority=round(float(np.bincount(labels).max() / len(labels)), 4),
        teacher=round(float((lessons.expressions[test].argmax(axis=1) == labels).mean()), 4),
        recall={
            name: round(float(right[labels == i].mean()), 3)
            for i, name in enumerate(EXPRESSIONS)
            if (labels == i).any()
        },
        unit_correlation={
            unit: round(float(np.corrcoef(reading.units[seen, i], taught[:, i])[0, 1]), 2)
            for i, unit in enumerate(TAUGHT_UNITS)
        },
    )


def _interval(right: NDArray[np.bool_]) -> tuple[float, float]:
    generator = np.random.default_rng(0)
    draws = generator.integers(len(right), size=(_DRAWS, len(right)))
    low, high = np.percentile(right[draws].mean(axis=1), [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)
