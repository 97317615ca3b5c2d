"""MediaPipe's FaceLandmarker behind plain numbers, in a process of its own."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from math import atan2, degrees, hypot
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.detector_process import DetectorProcess
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
        max_faces: at most this many per picture; six people are reported.

    Raises:
        MissingExtra: MediaPipe is not installed.
    """

    def __init__(self, model: Path, max_faces: int = 6) -> None:
        if find_spec("mediapipe") is None:
            raise MissingExtra("face landmarks", "mediapipe")
        self._model = model
        self._process = DetectorProcess(
            f"{__name__}:open_landmarker", model=str(model.resolve()), max_faces=max_faces
        )

    def detect(self, image: NDArray[np.uint8]) -> list[LandmarkedFace]:
        """Faces of one (H, W, 3) uint8 RGB picture, in no certain order.

        Raises:
            MissingExtra: MediaPipe does not import.
            WeightsError: the file is not a FaceLandmarker bundle.
            MediaError: MediaPipe failed on this picture, or did not survive it.
        """
        try:
            faces = self._process.detect(np.ascontiguousarray(image))
        except ImportError as error:
            raise MissingExtra("face landmarks", "mediapipe") from error
        except ValueError as error:
            raise WeightsError(
                f"{self._model} is not a MediaPipe face landmarker: {error}."
            ) from error
        size = np.array([image.shape[1], image.shape[0]], dtype=np.float64)
        return [
            LandmarkedFace(
                points=np.array(face["points"], dtype=np.float64) * size,
                shapes=face["shapes"],
                pose_deg=head_pose(np.array(face["matrix"])),
            )
            for face in faces
        ]

    def close(self) -> None:
        """Stop the process; done at exit at the latest."""
        self._process.close()


def head_pose(matrix: NDArray[np.float64]) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees from a facial transformation matrix (4, 4).

    The face looks along the third column; x points to the viewer's right, y up, z to the viewer.
    """
    forward = matrix[:3, 2]
    yaw = atan2(forward[0], forward[2])
    pitch = atan2(forward[1], hypot(forward[0], forward[2]))
    roll = -atan2(matrix[1, 0], matrix[0, 0])
    return degrees(yaw), degrees(pitch), degrees(roll)


def open_landmarker(
    model: str, max_faces: int
) -> Callable[[NDArray[np.uint8]], list[dict[str, Any]]]:
    """MediaPipe itself, for a process of its own: picture → points (0 to 1), shapes, matrix."""
    os.environ.setdefault("GLOG_minloglevel", "2")
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=model),
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
        num_faces=max_faces,
        min_face_detection_confidence=_LEAST_SCORE,
        min_face_presence_confidence=_LEAST_SCORE,
    )
    task = vision.FaceLandmarker.create_from_options(options)

    def detect(image: NDArray[np.uint8]) -> list[dict[str, Any]]:
        picture = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=image)
        result = task.detect(picture)
        parts = zip(
            result.face_landmarks,
            result.face_blendshapes,
            result.facial_transformation_matrixes,
            strict=True,
        )
        return [
            {
                "points": [(mark.x, mark.y) for mark in marks],
                "shapes": {shape.category_name: float(shape.score) for shape in shapes},
                "matrix": np.asarray(matrix, dtype=np.float64).tolist(),
            }
            for marks, shapes, matrix in parts
        ]

    return detect
