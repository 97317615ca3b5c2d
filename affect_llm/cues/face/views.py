"""A picture as a detector wants to see it: not too large, not too small, with some margin."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_SIDE = 200
"""Smaller pictures are enlarged to this shorter side."""
_MOST_SIDE = 2048
"""Enlarging ends at this longer side: a strip of one pixel would grow to hundreds of megabytes."""
_MARGIN = 0.25
"""Small pictures get this share of edge around them: a face may fill them."""


@dataclass(frozen=True, slots=True)
class View:
    """`picture` (H, W) or (H, W, 3), at `zoom` of its size, with `margin` pixels drawn around."""

    picture: NDArray[np.uint8]
    zoom: float
    margin: int

    def back(self, pixels: float) -> float:
        """A coordinate of the view in pixels of the original."""
        return (pixels - self.margin) / self.zoom


def is_small(picture: NDArray[np.uint8]) -> bool:
    """Whether a detector would be shown an enlarged view."""
    return bool(min(picture.shape[:2]) < LEAST_SIDE)


def enlarged(picture: NDArray[np.uint8]) -> View:
    """A small picture at 200 pixels, its edges drawn out by a quarter all around."""
    shorter, longer = sorted(picture.shape[:2])
    view = resized(picture, min(LEAST_SIDE / shorter, max(1.0, _MOST_SIDE / longer)))
    margin = int(_MARGIN * LEAST_SIDE)
    widths = [(margin, margin), (margin, margin), (0, 0)][: picture.ndim]
    return View(np.pad(view.picture, widths, mode="edge"), view.zoom, margin)


def resized(picture: NDArray[np.uint8], zoom: float) -> View:
    """The picture enlarged or reduced to `zoom` of its size."""
    if zoom == 1.0:
        return View(picture, 1.0, 0)
    from PIL import Image

    height, width = picture.shape[:2]
    size = (max(1, round(width * zoom)), max(1, round(height * zoom)))
    image = Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC)
    return View(np.asarray(image), zoom, 0)
