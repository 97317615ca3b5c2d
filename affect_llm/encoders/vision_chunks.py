"""Frames or face crops as chunks of one picture each: what all vision encoders share."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.cues.face.seen import FaceFinder
from affect_llm.encoders.encoder import EncoderOptions, FeatureChunk
from affect_llm.encoders.face_track import FinderName, cut_colour, face_pictures, open_finder
from affect_llm.encoders.pictures import Picture, pictures
from affect_llm.types import Absence, Clip, Modality

Prepare = Callable[[NDArray[np.uint8]], NDArray[Any]]


class VisionOptions(EncoderOptions):
    """Of encoders that look at pictures.

    Args:
        checkpoint: a folder, a name in the store, or a hub id.
        view: the whole frame, or the most prominent face.
        rate_hz: pictures looked at per second.
        finder: whose face detector, for view "face".
        face_scale: side of a face crop relative to FER2013's (brows to chin).
    """

    checkpoint: str | None = None
    view: Literal["frame", "face"] = "frame"
    rate_hz: float = Field(default=2.0, gt=0, le=60)
    finder: FinderName = "light"
    face_scale: float = Field(default=1.25, ge=0.5, le=3)


class Viewer:
    """Cuts clips into single pictures as a model wants them.

    Args:
        options: what to look at.
        prepare: (H, W, 3) uint8 RGB to the model's input.
    """

    def __init__(self, options: VisionOptions, prepare: Prepare) -> None:
        self._options, self._prepare = options, prepare
        self._finder: FaceFinder | None = (
            open_finder(options.finder) if options.view == "face" else None
        )

    @property
    def provenance(self) -> str:
        """What found the faces, for the encoder's own provenance; empty for whole frames."""
        return f"+{self._finder.provenance}" if self._finder else ""

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """One chunk of one row per picture."""
        for index, (image, picture) in enumerate(self._images(clip)):
            spans = np.array([[picture.start_s, picture.end_s]])
            yield FeatureChunk(self._prepare(image), np.array([index]), spans)

    def nothing(self, clip: Clip) -> Absence:
        """No picture, or no face in any."""
        what = "no face was found in" if self._finder else "no picture could be decoded of"
        return Absence(modality=Modality.VISUAL, state="absent", reason=f"{what} {clip.name}")

    def _images(self, clip: Clip) -> Iterator[tuple[NDArray[np.uint8], Picture]]:
        rate_hz = self._options.rate_hz
        if self._finder is None:
            for picture in pictures(clip, rate_hz):
                yield picture.image, picture
            return
        for picture, square in face_pictures(clip, self._finder, rate_hz):
            yield cut_colour(picture.image, square, self._options.face_scale), picture
