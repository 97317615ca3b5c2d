"""The extractor on MediaPipe's landmarks: units, pose, gaze and blinks from 52 blendshapes."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.action_units import action_units, gaze_turn
from affect_llm.cues.face.close_up import close_up, read_face
from affect_llm.cues.face.crops import Square, grey_of, square_of_points
from affect_llm.cues.face.landmarker import LandmarkedFace, Landmarker
from affect_llm.cues.face.reader import FaceReader
from affect_llm.cues.face.shape_head import ShapeHead
from affect_llm.cues.face.sightings import SeenFace
from affect_llm.cues.face.survey import REMEDY, FaceExtractor
from affect_llm.cues.face.views import enlarged, is_small
from affect_llm.cues.measurement import nothing
from affect_llm.errors import WeightsError
from affect_llm.store.cache import locate
from affect_llm.store.shipped import shipped
from affect_llm.types import Absence, Modality

WEIGHTS = "face-landmarker"
_LEAST_FACENESS = 0.5
"""MediaPipe's finds that the network holds for less likely are dropped."""
_LEAST_IN_SMALL = 0.8
"""The same for enlarged small pictures, where MediaPipe sees faces in flowers."""
_TILE_SIDE = 480
"""Pictures with a longer side above this are also searched in tiles when it must be thorough:
the detector sees the whole at 128 pixels, where small faces are lost."""
_TILE_SHARE = 0.6
"""Tiles overlap by a fifth of the picture, so that no small face is cut by all of them."""
_SAME_FACE = 0.3
"""Overlap from which two finds are one face."""


class LandmarkFinder:
    """Faces by MediaPipe; expression by the shipped network and a head on the blendshapes.

    Args:
        landmarker: MediaPipe's model.
        reader: the network.
        head: turns blendshapes into expression.
    """

    tells_eyes = True

    def __init__(self, landmarker: Landmarker, reader: FaceReader, head: ShapeHead) -> None:
        self._landmarker, self._reader, self._head = landmarker, reader, head
        self.provenance = f"face.mediapipe@1#{reader.revision}"

    @classmethod
    def shipped(cls, model: Path) -> "LandmarkFinder":
        """The finder with MediaPipe's `model` and the weights of the package.

        Raises:
            MissingExtra: MediaPipe, Pillow or torch is not installed.
            WeightsError: a shipped weight is missing or corrupt.
        """
        folder = shipped("face_net")
        return cls(Landmarker(model), FaceReader(folder), ShapeHead(folder))

    def find(self, image: NDArray[np.uint8], thorough: bool) -> list[SeenFace]:
        """Faces of a (H, W, 3) uint8 RGB picture, the largest first."""
        grey = grey_of(image)
        least = _LEAST_IN_SMALL if is_small(image) else _LEAST_FACENESS
        faces: list[SeenFace] = []
        for face, square in self._marked(image, thorough):
            seen = read_face(grey, square, self._reader)
            if seen.detection >= least:
                expressions = self._head.fuse(seen.expressions, face.shapes)
                units, gaze = np.array(action_units(face.shapes)), gaze_turn(face.shapes)
                seen = replace(seen, expressions=expressions, units=units, gaze=gaze)
                faces.append(replace(seen, pose_deg=face.pose_deg))
        return sorted(faces or close_up(grey, self._reader), key=lambda face: -face.square.side)

    def _marked(
        self, image: NDArray[np.uint8], thorough: bool
    ) -> list[tuple[LandmarkedFace, Square]]:
        """Faces with landmarks and their crop squares, in the picture's own pixels."""
        detect = self._landmarker.detect
        if is_small(image):
            view = enlarged(image)
            faces = detect(view.picture)
            return [(f, square_of_points((f.points - view.margin) / view.zoom)) for f in faces]
        marked = [(face, square_of_points(face.points)) for face in detect(image)]
        if thorough and max(image.shape) > _TILE_SIDE:
            for tile, corner in _tiles(image):
                for face in detect(tile):
                    square = square_of_points(face.points + corner)
                    if all(square.overlap(other) < _SAME_FACE for _, other in marked):
                        marked.append((face, square))
        return marked


class MediaPipeFace(FaceExtractor):
    """Face cues from MediaPipe's FaceLandmarker and the shipped network.

    Args:
        rate_hz: frames looked at per second of clip.

    Raises:
        MissingExtra: MediaPipe, Pillow or torch is not installed.
        WeightsError: `face-landmarker` is not in the store, or a weight is corrupt.
    """

    name = "mediapipe"

    def __init__(self, rate_hz: float = 4.0) -> None:
        model = locate(WEIGHTS)
        if model is None:
            raise WeightsError(f"The weight '{WEIGHTS}' is not in the store: {REMEDY}.")
        super().__init__(LandmarkFinder.shipped(model), rate_hz)


def choose_face() -> str | Absence:
    """The best name that can work here: "mediapipe", else "light", else why neither can.

    MediaPipe needs its package and its weight in the store; the light extractor needs dlib.
    Both need torch, for the network.
    """
    reason, remedy = "neither dlib nor MediaPipe with its weight is there", REMEDY
    if find_spec("torch") is None:
        reason, remedy = "torch is not installed", "pip install 'affect_llm[face]'"
    elif find_spec("mediapipe") is not None and locate(WEIGHTS) is not None:
        return "mediapipe"
    elif find_spec("dlib") is not None:
        return "light"
    (absence,) = nothing(Modality.VISUAL, ("face",), reason, remedy=remedy).absent
    return absence


def _tiles(image: NDArray[np.uint8]) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float64]]]:
    """Four overlapping corner pieces with their place (x, y)."""
    height, width = image.shape[:2]
    tall, wide = round(_TILE_SHARE * height), round(_TILE_SHARE * width)
    for top in (0, height - tall):
        for left in (0, width - wide):
            piece = np.ascontiguousarray(image[top : top + tall, left : left + wide])
            yield piece, np.array([left, top], dtype=np.float64)
