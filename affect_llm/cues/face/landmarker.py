"""MediaPipe's FaceLandmarker behind plain numbers, and quiet."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from math import atan2, degrees, hypot
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import MissingExtra, WeightsError

_LEAST_SCORE = 0.3
"""Detection and presence score below which MediaPipe's faces are dropped (its default is 0.5;
the face network's faceness looks at them once more)."""


@dataclass(frozen=True, slots=True)
class LandmarkedFace:
    """A face that MediaPipe found, with its landmarks.

    Args:
        points: (478, 2) pixels, x to the right, y down.
        shapes: the 52 blendshape scores, 0 to 1.
        pose_deg: yaw, pitch, roll as in `layout.POSE`.
    """

    points: NDArray[np.float64]
    shapes: dict[str, float]
    pose_deg: tuple[float, float, float]


class Landmarker:
    """Finds faces with landmarks and blendshapes in single pictures; opened at the first one.

    Args:
        model: `face_landmarker.task`.
        max_faces: at most this many per picture.

    Raises:
        MissingExtra: MediaPipe is not installed.
    """

    def __init__(self, model: Path, max_faces: int = 6) -> None:
        if find_spec("mediapipe") is None:
            raise MissingExtra("face landmarks", "mediapipe")
        self._model, self._max_faces = model, max_faces
        self._first = True

    def detect(self, image: NDArray[np.uint8]) -> list[LandmarkedFace]:
        """Faces of one (H, W, 3) uint8 RGB picture, in no certain order.

        Raises:
            MissingExtra: MediaPipe does not import.
            WeightsError: the file is not a FaceLandmarker bundle.
        """
        picture, task, _ = self._opened
        shown = picture(np.ascontiguousarray(image))
        with _quiet(self._first):  # the first call builds the graph and logs
            result = task.detect(shown)
        self._first = False
        parts = zip(
            result.face_landmarks,
            result.face_blendshapes,
            result.facial_transformation_matrixes,
            strict=True,
        )
        size = np.array([image.shape[1], image.shape[0]], dtype=np.float64)
        return [_face(marks, shapes, matrix, size) for marks, shapes, matrix in parts]

    def close(self) -> None:
        """Free the graph; done at exit at the latest."""
        if "_opened" in vars(self):
            self._opened[2]()

    @cached_property
    def _opened(self) -> tuple[Any, Any, Any]:
        """What makes MediaPipe's picture of an array, its task, and the function that ends it."""
        try:
            with _quiet():
                picture, task = _load(self._model, self._max_faces)
        except ImportError as error:
            raise MissingExtra("face landmarks", "mediapipe") from error
        except (RuntimeError, ValueError, OSError) as error:
            raise WeightsError(
                f"{self._model} is not a MediaPipe face landmarker: {error}."
            ) from error
        # MediaPipe's own clean-up needs its thread pool, which Python stops before any `atexit`
        # function runs; what is registered with `threading` runs before that, last in first out.
        end = finalize(self, _close, task)
        threading._register_atexit(end)  # type: ignore[attr-defined]
        return picture, task, end


def head_pose(matrix: NDArray[np.float64]) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees from a facial transformation matrix (4, 4).

    The face looks along the third column; x points to the viewer's right, y up, z to the viewer.
    """
    forward = matrix[:3, 2]
    yaw = atan2(forward[0], forward[2])
    pitch = atan2(forward[1], hypot(forward[0], forward[2]))
    roll = -atan2(matrix[1, 0], matrix[0, 0])
    return degrees(yaw), degrees(pitch), degrees(roll)


def _close(task: Any) -> None:
    with _quiet():
        task.close()


def _load(model: Path, max_faces: int) -> tuple[Any, Any]:
    os.environ.setdefault("GLOG_minloglevel", "2")
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
        num_faces=max_faces,
        min_face_detection_confidence=_LEAST_SCORE,
        min_face_presence_confidence=_LEAST_SCORE,
    )

    def picture(data: NDArray[np.uint8]) -> Any:
        return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=data)

    return picture, vision.FaceLandmarker.create_from_options(options)


def _face(marks: Any, shapes: Any, matrix: Any, size: NDArray[np.float64]) -> LandmarkedFace:
    points = np.array([(mark.x, mark.y) for mark in marks], dtype=np.float64) * size
    scores = {shape.category_name: float(shape.score) for shape in shapes}
    return LandmarkedFace(points, scores, head_pose(np.asarray(matrix, dtype=np.float64)))


@contextmanager
def _quiet(wanted: bool = True) -> Iterator[None]:
    """Send the process's error stream nowhere while MediaPipe's C++ writes to it."""
    if not wanted:
        yield
        return
    sys.stderr.flush()
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)
