"""Turns a picture upright, and its pixels square."""

from typing import Any

import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

LONGEST_SIDE = 1280
"""Pictures leave the decoding process no larger than this; faces of 24 px and more survive it."""


Turn = tuple[float, float, float, float]


def upright(
    frame: VideoFrame, scaler: VideoReformatter, pixel_aspect: float, turn: Turn | None
) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB of `frame`, upright, square pixels, longer side <= `LONGEST_SIDE`.

    Args:
        frame: as decoded.
        scaler: one for all frames of a stream, so that its tables are made once.
        pixel_aspect: width of a pixel over its height.
        turn: (a, b, c, d) of x' = a x + c y, y' = b x + d y; None for none.
    """
    width, height = frame.width * max(1.0, pixel_aspect), frame.height / min(1.0, pixel_aspect)
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    width, height = max(1, round(width * scale)), max(1, round(height * scale))
    scaled = scaler.reformat(frame, width, height, "rgb24", interpolation="AREA")
    image = scaled.to_ndarray().astype(np.uint8, copy=False)
    return np.ascontiguousarray(turned(image, turn))


def display_turn(frame: VideoFrame) -> Turn | None:
    """(a, b, c, d) of the display matrix that a container attached, if any.

    Asking ties the frame into a reference cycle (PyAV 18), so it is asked once per stream.
    """
    attached: Any = frame
    try:
        data = attached.side_data[Type.DISPLAYMATRIX]
    except (KeyError, ValueError):  # PyAV 18 knows no EXIF side data, which the caller has read
        return None
    if data.buffer_size < 36:  # nine numbers of four bytes, with 16 binary places
        return None
    matrix = np.frombuffer(bytes(data), dtype="=i4", count=9) / 65536
    return float(matrix[0]), float(matrix[1]), float(matrix[3]), float(matrix[4])


def turned(image: NDArray[np.uint8], turn: Turn | None) -> NDArray[np.uint8]:
    """Apply the quarter turn and mirroring nearest to `turn`."""
    if turn is None:
        return image
    a, b, c, d = turn
    across, down = a, d
    if abs(b) > abs(a):
        image, across, down = image.transpose(1, 0, 2), c, b
    image = image[:, ::-1] if across < 0 else image
    return image[::-1] if down < 0 else image
