"""Where a face lies in a picture, and the 48-pixel grey crop that the network is shown.

The crop imitates FER2013's: measured with MediaPipe on 3205 of its faces, the eyes lie 36 % of
the side apart, 40 % below the top edge, and the chin touches the bottom edge.
"""

from dataclasses import dataclass
from math import atan2, degrees, hypot

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.layout import CROP_SIDE

Grey = NDArray[np.uint8]

# In sides of the crop, as measured above: from eye to eye, from the top edge to the eyes, and
# from the eyes to the chin.
_EYE_DISTANCE = 0.36
_EYE_HEIGHT = 0.40
_CHIN_DROP = 0.60
_BOX_TO_SIDE = 1.10
_BOX_LIFT = 0.085
"""dlib's box on FER2013 is 0.91 of the side wide and its centre lies 8.5 % of the side low."""
_RIGHT_EYE, _LEFT_EYE, _CHIN = (33, 133), (362, 263), 152
"""Corners of the eyes and the point of the chin in MediaPipe's mesh."""
_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True, slots=True)
class Square:
    """An upright or tilted square in pixels; `roll_deg` is its clockwise tilt for the viewer."""

    centre_x: float
    centre_y: float
    side: float
    roll_deg: float = 0.0

    def overlap(self, other: "Square") -> float:
        """Intersection over union of the two, taken as upright."""
        reach, other_reach = self.side / 2, other.side / 2

        def shared(here: float, there: float) -> float:
            end = min(here + reach, there + other_reach)
            return max(0.0, end - max(here - reach, there - other_reach))

        width = shared(self.centre_x, other.centre_x)
        common = width * shared(self.centre_y, other.centre_y)
        return common / (self.side**2 + other.side**2 - common)


def square_of_box(left: float, top: float, width: float, height: float) -> Square:
    """The crop for a box of dlib's frontal detector (brows to chin)."""
    side = _BOX_TO_SIDE * (width + height) / 2
    return Square(left + width / 2, top + height / 2 - _BOX_LIFT * side, side)


def square_of_points(points: NDArray[np.float64]) -> Square:
    """The crop for MediaPipe's (478, 2) landmarks: eyes level, at FER2013's place."""
    right, left = points[list(_RIGHT_EYE)].mean(axis=0), points[list(_LEFT_EYE)].mean(axis=0)
    middle, chin = (right + left) / 2, points[_CHIN]
    across, down = left - right, chin - middle
    # A face turned aside has its eyes close together: the chin's distance then sets the size.
    side = max(hypot(*across) / _EYE_DISTANCE, hypot(*down) / _CHIN_DROP)
    roll = atan2(across[1], across[0])
    drop = (0.5 - _EYE_HEIGHT) * side
    centre = middle + drop * np.array([-np.sin(roll), np.cos(roll)])
    return Square(float(centre[0]), float(centre[1]), float(side), degrees(roll))


def whole_frame(height: int, width: int, share: float = 1.0) -> Square:
    """A centred square over `share` of the shorter side."""
    return Square(width / 2, height / 2, share * min(height, width))


def grey_of(image: NDArray[np.uint8]) -> Grey:
    """(H, W, 3) uint8 RGB → (H, W) uint8 luma (ITU-R BT.601)."""
    return np.asarray(image @ _LUMA + 0.5, dtype=np.uint8)


def cut(grey: Grey, square: Square) -> Grey:
    """The (48, 48) uint8 crop under `square`; beyond the picture its edge is repeated."""
    from PIL import Image

    # A tilted square reaches at most the root of two beyond its sides.
    margin = 1.0 if square.roll_deg == 0 else 1.45
    reach = max(square.side, 1.0) * margin / 2
    rows = _indices(square.centre_y, reach, grey.shape[0])
    columns = _indices(square.centre_x, reach, grey.shape[1])
    patch = Image.fromarray(grey[np.ix_(rows, columns)])
    if square.roll_deg:
        patch = patch.rotate(square.roll_deg, Image.Resampling.BILINEAR)
    inset = (1 - 1 / margin) / 2
    box = (
        inset * patch.width,
        inset * patch.height,
        (1 - inset) * patch.width,
        (1 - inset) * patch.height,
    )
    return np.asarray(patch.resize((CROP_SIDE, CROP_SIDE), Image.Resampling.BILINEAR, box=box))


def _indices(centre: float, reach: float, size: int) -> NDArray[np.int64]:
    first, last = int(np.floor(centre - reach + 0.5)), int(np.floor(centre + reach + 0.5))
    return np.clip(np.arange(first, max(last, first + 1)), 0, size - 1)
