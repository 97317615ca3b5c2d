"""The extractor on MediaPipe's landmarks: units, pose, gaze and blinks from 52 blendshapes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.face.action_units import action_units, gaze_turn
from affect_llm.cues.face.close_up import close_up, crops_of, may_be_close_up
from affect_llm.cues.face.crops import Grey, Square, grey_of
from affect_llm.cues.face.landmarker import LandmarkedFace, Landmarker
from affect_llm.cues.face.marked import find_marked
from affect_llm.cues.face.reader import FaceReader
from affect_llm.cues.face.seen import SeenFace, face_of
from affect_llm.cues.face.shape_head import ShapeHead
from affect_llm.cues.face.survey import survey
from affect_llm.cues.face.views import is_small
from affect_llm.errors import WeightsError
from affect_llm.store.cache import locate
from affect_llm.store.shipped import shipped
from affect_llm.types import Clip, Modality, TimeSpan

WEIGHTS = "face-landmarker"
REMEDY = "affect-llm models pull face-landmarker"
_LEAST_FACENESS = 0.5
"""MediaPipe's finds that the network holds for less likely are dropped."""
_LEAST_IN_SMALL = 0.8
"""The same for enlarged small pictures, where MediaPipe sees faces in flowers."""


class LandmarkFinder:
    """Faces by MediaPipe; expression by the shipped network and a head on the blendshapes.

    Args:
        landmarker: MediaPipe's model, loaded.
        reader: the network.
        head: turns blendshapes into expression.
    """

    tells_eyes = True

    def __init__(self, landmarker: Landmarker, reader: FaceReader, head: ShapeHead) -> None:
        self._landmarker, self._reader, self._head = landmarker, reader, head
        self.provenance = f"face.mediapipe@1#{reader.revision}"

    def find(self, image: NDArray[np.uint8], thorough: bool) -> list[SeenFace]:
        """Faces of a (H, W, 3) uint8 RGB picture, the largest first."""
        grey = grey_of(image)
        found = [
            self._face(grey, face, square)
            for face, square in find_marked(self._landmarker, image, thorough)
        ]
        least = _LEAST_IN_SMALL if is_small(image) else _LEAST_FACENESS
        faces = [face for face in found if face.detection >= least]
        if not faces and may_be_close_up(*grey.shape):
            whole = close_up(grey, self._reader)
            faces = [] if whole is None else [self._unmarked(grey, whole)]
        return sorted(faces, key=lambda face: -face.square.side)

    def close(self) -> None:
        """Free MediaPipe's graph."""
        self._landmarker.close()

    def _face(self, grey: Grey, face: LandmarkedFace, square: Square) -> SeenFace:
        reading = self._reader.read_one(crops_of(grey, square))
        return SeenFace(
            square=square,
            detection=float(reading.faceness[0]),
            expressions=self._head.fuse(reading.expressions[0], face.shapes),
            units=np.array(action_units(face.shapes)),
            pose_deg=face.pose_deg,
            gaze=gaze_turn(face.shapes),
        )

    def _unmarked(self, grey: Grey, square: Square) -> SeenFace:
        return face_of(self._reader.read_one(crops_of(grey, square)), square)


class MediaPipeFace:
    """Face cues from MediaPipe's FaceLandmarker and the shipped network.

    Args:
        rate_hz: frames looked at per second of clip.

    Raises:
        MissingExtra: MediaPipe, Pillow or torch is not installed.
        WeightsError: `face-landmarker` is not in the store, or a weight is corrupt.
    """

    name = "mediapipe"
    modality = Modality.VISUAL

    def __init__(self, rate_hz: float = 4.0) -> None:
        self.rate_hz = rate_hz
        model = locate(WEIGHTS)
        if model is None:
            raise WeightsError(f"The weight '{WEIGHTS}' is not in the store: {REMEDY}.")
        folder = shipped("face_net")
        self._finder = LandmarkFinder(Landmarker(model), FaceReader(folder), ShapeHead(folder))
        self.provenance = self._finder.provenance

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """Measure the faces of `clip` per window."""
        return survey(clip, windows, self._finder, self.rate_hz)

    def close(self) -> None:
        """Free MediaPipe's graph."""
        self._finder.close()
