"""Frames or face crops as chunks of one picture each: what all vision encoders share."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.cues.scene.clip_model import Prepare
from affect_llm.cues.speech.device import torch_device
from affect_llm.encoders.checkpoint import CheckpointOptions
from affect_llm.encoders.encoder import ClipEncoder, FeatureChunk
from affect_llm.encoders.pictures import (
    FinderName,
    cut_colour,
    face_pictures,
    open_finder,
    pictures,
)
from affect_llm.types import Clip, Modality


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


class PictureEncoder(ClipEncoder):
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
        what = "no face was found in" if self._finder else "no picture could be decoded of"
        self.empty = f"{what} {{}}"

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """One chunk of one row per picture."""
        rate_hz, scale = self._options.rate_hz, self._options.face_scale
        if self._finder is None:
            views = ((picture, picture.image) for picture in pictures(clip, rate_hz))
        else:
            views = (
                (picture, cut_colour(picture.image, square, scale))
                for picture, square in face_pictures(clip, self._finder, rate_hz)
            )
        for index, (picture, image) in enumerate(views):
            spans = np.array([[picture.start_s, picture.end_s]])
            yield FeatureChunk(self._prepare(image), np.array([index]), spans)

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """(B, 3, H, W) to (B, 1, width)."""
        import torch

        with torch.inference_mode():
            rows = self._see(torch.from_numpy(inputs).to(self._device))
        return np.asarray(rows[:, None].float().cpu().numpy())

    @abstractmethod
    def _see(self, pixels: Any) -> Any:
        """(B, 3, H, W) on the device to (B, width)."""
