"""Frames or face crops as chunks of one picture each: what all vision encoders share."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.cues.scene.clip_model import Prepare
from affect_llm.cues.speech.device import torch_device
from affect_llm.encoders.checkpoint import CheckpointOptions
from affect_llm.encoders.encoder import FeatureChunk
from affect_llm.encoders.face_track import FinderName, cut_colour, face_pictures, open_finder
from affect_llm.encoders.pictures import Picture, pictures
from affect_llm.types import Absence, Clip, Modality


class VisionOptions(CheckpointOptions):
    """What encoders can be told that look at pictures.

    Args:
        view: the whole frame, or the most prominent face.
        rate_hz: pictures looked at per second.
        finder: whose face detector, for view "face".
        face_scale: side of a face crop relative to FER2013's (brows to chin).
    """

    view: Literal["frame", "face"] = "frame"
    rate_hz: float = Field(default=2.0, gt=0, le=60)
    finder: FinderName = "light"
    face_scale: float = Field(default=1.25, ge=0.5, le=3)


class PictureEncoder:
    """What encoders of single pictures share.

    Args:
        options: what to look at.
        prepare: (H, W, 3) uint8 RGB to the model's input.
    """

    modality = Modality.VISUAL

    def __init__(self, options: VisionOptions, prepare: Prepare) -> None:
        self._options, self._prepare = options, prepare
        self._device = torch_device(options.device)
        self.batch = options.batch
        self._finder = open_finder(options.finder) if options.view == "face" else None
        self._finder_weights = f"+{self._finder.provenance}" if self._finder else ""

    def key(self, clip: Clip) -> str:
        """The hash of the clip's bytes."""
        return clip.id

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """One chunk of one row per picture."""
        for index, (image, picture) in enumerate(self._images(clip)):
            spans = np.array([[picture.start_s, picture.end_s]])
            yield FeatureChunk(self._prepare(image), np.array([index]), spans)

    def nothing(self, clip: Clip) -> Absence:
        """The absence of features where there is no picture, or no face in any."""
        what = "no face was found in" if self._finder else "no picture could be decoded of"
        return Absence(modality=self.modality, state="absent", reason=f"{what} {clip.name}")

    def _images(self, clip: Clip) -> Iterator[tuple[NDArray[np.uint8], Picture]]:
        rate_hz, scale = self._options.rate_hz, self._options.face_scale
        if self._finder is None:
            yield from ((picture.image, picture) for picture in pictures(clip, rate_hz))
            return
        for picture, square in face_pictures(clip, self._finder, rate_hz):
            yield cut_colour(picture.image, square, scale), picture
