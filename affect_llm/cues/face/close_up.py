"""A picture that is nothing but a face: detectors want a margin, the network does not."""

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.crops import Grey, Square, cut, whole_frame
from affect_llm.cues.face.reader import FaceReader

LARGEST_SIDE = 256
"""Pictures with a longer shorter side are left to the detectors."""
_SHARES = (1.0, 0.8)
"""The face may fill the picture, or leave a tenth of edge on each side."""
_SHAPE = 1.67
"""Longer side over shorter side up to which a picture may be one face."""
LEAST_FACENESS = 0.9
"""A frame that no detector vouches for must look much like a face."""
_SAME_PLACE = 0.4
"""Overlap from which a detected face and the whole of a small picture are one."""


def may_be_close_up(height: int, width: int) -> bool:
    """Whether a picture of this size is small and square enough to be a face crop."""
    low, high = sorted((height, width))
    return low <= LARGEST_SIDE and high <= _SHAPE * low


def close_up(grey: Grey, reader: FaceReader) -> Square | None:
    """The centred square that looks most like a face, or None where neither does."""
    height, width = grey.shape
    squares = [whole_frame(height, width, share) for share in _SHARES]
    crops: NDArray[np.uint8] = np.stack([cut(grey, square) for square in squares])
    faceness = reader.read(crops).faceness
    best = int(faceness.argmax())
    return squares[best] if faceness[best] >= LEAST_FACENESS else None


def crops_of(grey: Grey, square: Square) -> NDArray[np.uint8]:
    """The (1 or 2, 48, 48) crops to read a detected face from.

    In a small picture that the face fills, the frame itself is a second, steadier crop than a
    box found on an enlarged view.
    """
    height, width = grey.shape
    frame = whole_frame(height, width)
    squares = [square]
    if may_be_close_up(height, width) and square.overlap(frame) >= _SAME_PLACE:
        squares.append(frame)
    return np.stack([cut(grey, one) for one in squares])
