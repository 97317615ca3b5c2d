"""A picture that is nothing but a face: detectors want a margin, the network does not."""

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.crops import Grey, Square, cut, whole_frame
from affect_llm.cues.face.layout import FAINT_UNITS, TAUGHT_UNITS
from affect_llm.cues.face.reader import FaceReader
from affect_llm.cues.face.sightings import SeenFace

_LARGEST_SIDE = 256
"""Pictures with a longer shorter side are left to the detectors."""
_SHARES = (1.0, 0.8)
"""The face may fill the picture, or leave a tenth of edge on each side."""
_SHAPE = 1.67
"""Longer side over shorter side up to which a picture may be one face."""
_LEAST_FACENESS = 0.9
"""A frame that no detector vouches for must look much like a face."""
_SAME_PLACE = 0.4
"""Overlap from which a detected face and the whole of a small picture are one."""
_REPORTED = np.array([unit not in FAINT_UNITS for unit in TAUGHT_UNITS])


def may_be_close_up(height: int, width: int) -> bool:
    """Whether a picture of this size is small and square enough to be a face crop."""
    low, high = sorted((height, width))
    return low <= _LARGEST_SIDE and high <= _SHAPE * low


def close_up(grey: Grey, reader: FaceReader) -> list[SeenFace]:
    """The face that a small picture is, in the centred square most like one; none elsewhere."""
    height, width = grey.shape
    if not may_be_close_up(height, width):
        return []
    squares = [whole_frame(height, width, share) for share in _SHARES]
    crops: NDArray[np.uint8] = np.stack([cut(grey, square) for square in squares])
    faceness = reader.read(crops).faceness
    best = int(faceness.argmax())
    return [read_face(grey, squares[best], reader)] if faceness[best] >= _LEAST_FACENESS else []


def read_face(grey: Grey, square: Square, reader: FaceReader) -> SeenFace:
    """The face under `square` by the network alone, which cannot tell where the eyes look.

    In a small picture that the face fills, the frame itself is a second, steadier crop than a
    box found on an enlarged view.
    """
    frame = whole_frame(*grey.shape)
    squares = [square]
    if may_be_close_up(*grey.shape) and square.overlap(frame) >= _SAME_PLACE:
        squares.append(frame)
    reading = reader.read_one(np.stack([cut(grey, one) for one in squares]))
    yaw, pitch, roll = (float(angle) for angle in reading.pose_deg[0])
    return SeenFace(
        square=square,
        detection=float(reading.faceness[0]),
        expressions=reading.expressions[0],
        units=np.where(_REPORTED, reading.units[0], 0.0),
        pose_deg=(yaw, pitch, roll),
        gaze=None,
    )
