"""MediaPipe's faces in pictures of any size, in the picture's own pixels."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.crops import Square, square_of_points
from affect_llm.cues.face.landmarker import LandmarkedFace, Landmarker
from affect_llm.cues.face.views import enlarged, is_small

_TILE_SIDE = 480
"""Pictures with a longer side above this are also searched in tiles when it must be thorough:
the detector sees the whole at 128 pixels, where small faces are lost."""
_TILE_SHARE = 0.6
_SAME_FACE = 0.3
"""Overlap from which two finds are one face."""

Found = tuple[LandmarkedFace, Square]


def find_marked(landmarker: Landmarker, image: NDArray[np.uint8], thorough: bool) -> list[Found]:
    """Faces with landmarks and their crop squares in a (H, W, 3) uint8 RGB picture."""
    if is_small(image):
        view = enlarged(image)
        faces = landmarker.detect(view.picture)
        return [(f, square_of_points((f.points - view.margin) / view.zoom)) for f in faces]
    found = [(face, square_of_points(face.points)) for face in landmarker.detect(image)]
    if thorough and max(image.shape) > _TILE_SIDE:
        for tile, corner in _tiles(image):
            for face in landmarker.detect(tile):
                square = square_of_points(face.points + corner)
                if all(square.overlap(other) < _SAME_FACE for _, other in found):
                    found.append((face, square))
    return found


def _tiles(image: NDArray[np.uint8]) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float64]]]:
    """Four overlapping corner pieces with their place (x, y)."""
    height, width = image.shape[:2]
    tall, wide = round(_TILE_SHARE * height), round(_TILE_SHARE * width)
    for top in (0, height - tall):
        for left in (0, width - wide):
            piece = np.ascontiguousarray(image[top : top + tall, left : left + wide])
            yield piece, np.array([left, top], dtype=np.float64)
