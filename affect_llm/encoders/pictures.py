"""The pictures of a clip that a vision encoder looks at: whole, or the most prominent face of each.

The face takes two passes over the pictures: the first finds and follows all faces and keeps only
where they were; the second cuts the chosen one, so that memory is that of one picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.crops import Square
from affect_llm.cues.face.sightings import FaceFinder
from affect_llm.cues.face.tracks import Tracker
from affect_llm.types import Clip, Frame

FinderName = Literal["light", "mediapipe"]
Places = dict[float, Square]
"""Time of a picture → where the face is in it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`image` (H, W, 3) uint8 RGB, standing from `start_s` until the next one that is looked at."""

    image: NDArray[np.uint8]
    start_s: float
    end_s: float


def pictures(clip: Clip, rate_hz: float) -> Iterator[Picture]:
    """About `rate_hz` pictures a second; the last stands until the clip ends, a still at 0."""
    if clip.source is None:
        return
    waiting: Frame | None = None
    for frame in clip.source.frames(rate_hz):
        if waiting is not None:
            yield Picture(waiting.image, waiting.time_s, frame.time_s)
        waiting = frame
    if waiting is not None:
        last_s = waiting.time_s + 1 / rate_hz if clip.duration_s > 0 else waiting.time_s
        end_s = min(last_s, clip.duration_s) if clip.duration_s > waiting.time_s else last_s
        yield Picture(waiting.image, waiting.time_s, end_s)


def open_finder(name: FinderName) -> FaceFinder:
    """The face finder of the cue extractor with this name.

    Raises:
        MissingExtra: a package is not installed.
        WeightsError: a weight is not there.
    """
    if name == "light":
        from affect_llm.cues.face.light import LightFinder

        return LightFinder.shipped()
    from affect_llm.cues.face.landmarked import WEIGHTS, LandmarkFinder
    from affect_llm.store.cache import require

    return LandmarkFinder.shipped(require(WEIGHTS))


def main_face(clip: Clip, finder: FaceFinder, rate_hz: float) -> Places:
    """Where the face is that is seen longest and largest: the greatest sum of sides."""
    tracker, people = Tracker(), dict[str, Places]()
    for picture in pictures(clip, rate_hz):
        squares = [face.square for face in finder.find(picture.image, clip.duration_s == 0)]
        names = tracker.update(picture.start_s, squares)
        for name, square in zip(names, squares, strict=True):
            people.setdefault(name, {})[picture.start_s] = square
    prominence = {n: sum(s.side for s in places.values()) for n, places in people.items()}
    return people[max(prominence, key=prominence.__getitem__)] if people else {}


def face_pictures(
    clip: Clip, finder: FaceFinder, rate_hz: float
) -> Iterator[tuple[Picture, Square]]:
    """The pictures in which the main face is, and where."""
    places = main_face(clip, finder, rate_hz)
    if not places:
        return
    for picture in pictures(clip, rate_hz):
        square = places.get(picture.start_s)
        if square is not None:
            yield picture, square


def cut_colour(image: NDArray[np.uint8], square: Square, scale: float) -> NDArray[np.uint8]:
    """The upright (S, S, 3) crop under `square` enlarged `scale` times; edges are repeated."""
    from PIL import Image

    # A tilted square reaches at most the root of two beyond its sides.
    margin = 1.0 if square.roll_deg == 0 else 1.45
    reach = max(square.side * scale, 2.0) * margin / 2
    rows = _clamped(square.centre_y, reach, image.shape[0])
    columns = _clamped(square.centre_x, reach, image.shape[1])
    patch = image[np.ix_(rows, columns)]
    if square.roll_deg:
        turned = Image.fromarray(patch).rotate(square.roll_deg, Image.Resampling.BILINEAR)
        inset = round(len(patch) * (1 - 1 / margin) / 2)
        patch = np.asarray(turned)[inset:-inset, inset:-inset]
    return np.ascontiguousarray(patch)


def _clamped(centre: float, reach: float, size: int) -> NDArray[np.int64]:
    first = round(centre - reach)
    return np.clip(np.arange(first, first + max(1, round(2 * reach))), 0, size - 1)
