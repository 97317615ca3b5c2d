"""Soft targets for the labelled faces: MediaPipe for units and pose, mini_XCEPTION for feeling."""

from dataclasses import dataclass
from math import nan
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from affect_llm.cues.face.action_units import action_units, gaze_turn
from affect_llm.cues.face.crops import square_of_points
from affect_llm.cues.face.landmarker import LandmarkedFace, Landmarker
from affect_llm.cues.face.layout import POSE, POSE_SCALE_DEG, TAUGHT_UNITS
from affect_llm.cues.face.views import enlarged
from affect_llm.errors import DataError
from workshop.face.mini_xception import MiniXception

LANDMARKER = "weights/mediapipe_face_landmarker/face_landmarker.task"
EXPRESSION_TEACHER = "weights/fer_mini_xception/fer2013_mini_XCEPTION.102-0.66.hdf5"
_SIGNS = len(TAUGHT_UNITS) + len(POSE) + 1


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the teachers say; rows where MediaPipe saw no face are NaN.

    Args:
        expressions: (N, 7) probabilities.
        signs: (N, 22) units / 5, pose / 30 degrees and gaze, as the network gives them.
        shapes: (N, 52) raw blendshapes.
        squares: (N, 4) centre x, centre y and side in pixels, roll in degrees: the crop that the
            landmarks give.
        shape_names: of the columns of `shapes`.
    """

    expressions: NDArray[np.float32]
    signs: NDArray[np.float32]
    shapes: NDArray[np.float32]
    squares: NDArray[np.float32]
    shape_names: tuple[str, ...]

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Marks (N,) of the pictures in which MediaPipe saw a face."""
        return np.isfinite(self.signs[:, 0])


def ask_teachers(images: NDArray[np.uint8], data: Path) -> Lessons:
    """Lessons for (N, 48, 48) uint8 faces, with the teachers of the kit folder `data`.

    Raises:
        DataError: MediaPipe sees a face in none of them.
    """
    rows = _landmarks(images, data / LANDMARKER)
    names = next((tuple(row[0].shapes) for row in rows if row is not None), None)
    if names is None:
        raise DataError(f"MediaPipe finds no face in any of {len(images)} training pictures.")
    return Lessons(
        expressions=_expressions(images, data / EXPRESSION_TEACHER),
        signs=_table([None if r is None else _network_scale(r[0]) for r in rows], _SIGNS),
        shapes=_table(
            [None if r is None else list(r[0].shapes.values()) for r in rows], len(names)
        ),
        squares=_table([None if r is None else r[1] for r in rows], 4),
        shape_names=names,
    )


def _expressions(images: NDArray[np.uint8], weights: Path) -> NDArray[np.float32]:
    teacher = MiniXception(weights)
    grey = torch.from_numpy(images)[:, None].float() / 255
    soft: list[Tensor] = [
        (teacher.probabilities(batch) + teacher.probabilities(batch.flip(3))) / 2
        for batch in torch.split(grey, 256)
    ]
    return torch.cat(soft).numpy()


def _landmarks(
    images: NDArray[np.uint8], model: Path
) -> list[tuple[LandmarkedFace, list[float]] | None]:
    landmarker = Landmarker(model, max_faces=1)
    rows: list[tuple[LandmarkedFace, list[float]] | None] = []
    for image in images:
        view = enlarged(np.repeat(image[..., None], 3, axis=2))
        found = landmarker.detect(view.picture)
        if not found:
            rows.append(None)
            continue
        square = square_of_points((found[0].points - view.margin) / view.zoom)
        rows.append((found[0], [square.centre_x, square.centre_y, square.side, square.roll_deg]))
    landmarker.close()
    return rows


def _table(rows: list[list[float] | None], width: int) -> NDArray[np.float32]:
    return np.array([[nan] * width if row is None else row for row in rows], dtype=np.float32)


def _network_scale(face: LandmarkedFace) -> list[float]:
    units = [intensity / 5 for intensity in action_units(face.shapes)]
    pose = [angle / POSE_SCALE_DEG for angle in face.pose_deg]
    return [*units, *pose, gaze_turn(face.shapes)]
