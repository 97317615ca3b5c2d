"""One face in one frame, whoever saw it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.crops import Square


@dataclass(frozen=True, slots=True)
class SeenFace:
    """A face that was seen in a frame, and what it shows.

    Args:
        square: where, in pixels.
        detection: probability that it is a face, 0 to 1.
        expressions: (7,) calibrated probabilities, order of `layout.EXPRESSIONS`.
        units: (18,) intensities 0 to 5, order of `layout.TAUGHT_UNITS`.
        pose_deg: yaw, pitch, roll as in `layout.POSE`.
        gaze: how far the eyes are turned, 0 to 1 of their range; None if it cannot be told.
    """

    square: Square
    detection: float
    expressions: NDArray[np.float64]
    units: NDArray[np.float64]
    pose_deg: tuple[float, float, float]
    gaze: float | None


class FaceFinder(Protocol):
    """Finds and reads the faces of one picture."""

    provenance: str
    tells_eyes: bool
    """Whether this finder can tell gaze and blinks."""

    def find(self, image: NDArray[np.uint8], thorough: bool) -> list[SeenFace]:
        """Faces of a (H, W, 3) uint8 RGB picture, the largest first.

        `thorough` also looks for small faces beside large ones, at several times the cost.
        """
        ...
