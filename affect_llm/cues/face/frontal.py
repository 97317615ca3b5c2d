"""dlib's compiled-in frontal face detector, with what it needs to see small faces."""

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

from affect_llm.cues.face.crops import Grey, Square, square_of_box
from affect_llm.cues.face.detector_process import DetectorProcess
from affect_llm.cues.face.views import View, enlarged, is_small, resized
from affect_llm.errors import MissingExtra

_QUICK_SIDE = 640
"""Pictures are first searched at this longer side: faces from 80 pixels on are found there."""
_LEAST_SCORE = 0.0
"""dlib's own threshold; the face network's faceness looks at what passes."""


class FrontalDetector:
    """Finds upright frontal faces of about 80 pixels and more (dlib's HOG detector).

    Raises:
        MissingExtra: dlib is not installed.
    """

    def __init__(self) -> None:
        if find_spec("dlib") is None:
            raise MissingExtra("the face detector", "face")
        self._process = DetectorProcess(f"{__name__}:open_frontal")

    def find(self, grey: Grey, thorough: bool) -> list[Square]:
        """Crops of the faces in a (H, W) picture.

        A large picture is looked at in full size if `thorough`, or if nothing is found in less.
        """
        if is_small(grey):
            return self._search(enlarged(grey))
        longest = max(grey.shape)
        quick = longest > _QUICK_SIDE and not thorough
        squares = self._search(resized(grey, _QUICK_SIDE / longest)) if quick else []
        return squares or self._search(resized(grey, 1.0))

    def _search(self, view: View) -> list[Square]:
        try:
            boxes = self._process.detect(np.ascontiguousarray(view.picture))
        except ImportError as error:
            raise MissingExtra("the face detector", "face") from error
        return [
            square_of_box(view.back(left), view.back(top), width / view.zoom, height / view.zoom)
            for left, top, width, height in boxes
        ]


def open_frontal() -> Callable[[Grey], list[tuple[int, int, int, int]]]:
    """The detector itself, for a process of its own: picture → (left, top, width, height)."""
    import dlib

    detector = dlib.get_frontal_face_detector()

    def detect(grey: Grey) -> list[tuple[int, int, int, int]]:
        boxes, _, _ = detector.run(grey, 0, _LEAST_SCORE)
        return [(box.left(), box.top(), box.width(), box.height()) for box in boxes]

    return detect
