"""The extractor that needs no download: dlib's detector and the shipped network."""

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.close_up import close_up, read_face
from affect_llm.cues.face.crops import grey_of
from affect_llm.cues.face.frontal import FrontalDetector
from affect_llm.cues.face.reader import FaceReader
from affect_llm.cues.face.sightings import SeenFace
from affect_llm.cues.face.survey import FaceExtractor
from affect_llm.store.shipped import shipped

_LEAST_FACENESS = 0.3
"""dlib's faces that the network holds for less likely are dropped."""


class LightFinder:
    """Faces by dlib, or the whole of a small picture; everything else by the network.

    Args:
        reader: the network.
        detector: dlib's.
    """

    tells_eyes = False

    def __init__(self, reader: FaceReader, detector: FrontalDetector) -> None:
        self._reader, self._detector = reader, detector
        self.provenance = f"face.light@1#{reader.revision}"

    @classmethod
    def shipped(cls) -> "LightFinder":
        """The finder with the weights of the package, opened at the first picture.

        Raises:
            MissingExtra: dlib, Pillow or torch is not installed.
            WeightsError: the shipped network is missing or corrupt.
        """
        return cls(FaceReader(shipped("face_net")), FrontalDetector())

    def find(self, image: NDArray[np.uint8], thorough: bool) -> list[SeenFace]:
        """Faces of a (H, W, 3) uint8 RGB picture, the largest first."""
        grey = grey_of(image)
        squares = self._detector.find(grey, thorough)
        read = (read_face(grey, square, self._reader) for square in squares)
        faces = [face for face in read if face.detection >= _LEAST_FACENESS]
        return sorted(faces or close_up(grey, self._reader), key=lambda face: -face.square.side)


class LightFace(FaceExtractor):
    """Face cues from dlib's detector and the shipped network.

    Args:
        rate_hz: frames looked at per second of clip.

    Raises:
        MissingExtra, WeightsError: as `LightFinder.shipped`.
    """

    name = "light"

    def __init__(self, rate_hz: float = 4.0) -> None:
        super().__init__(LightFinder.shipped(), rate_hz)
