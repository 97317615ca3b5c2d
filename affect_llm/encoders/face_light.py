"""Face features that need no download: the shipped face network on the main face, per frame.

The network was taught by FER2013's public test part and by MediaPipe; see its model card.
"""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.cues.face.crops import cut, grey_of
from affect_llm.cues.face.layout import EXPRESSIONS, POSE_SCALE_DEG, TAUGHT_UNITS
from affect_llm.cues.face.reader import FaceReader
from affect_llm.encoders.encoder import ClipEncoder, EncoderOptions, FeatureChunk, provenance_of
from affect_llm.encoders.pictures import FinderName, face_pictures, open_finder
from affect_llm.store.shipped import shipped
from affect_llm.types import Clip, Modality

NETWORK = "face_net"
EMBEDDING = 192
READING = len(EXPRESSIONS) + len(TAUGHT_UNITS) + 5
"""How many numbers a reading has: expressions, units, yaw, pitch, roll, gaze and faceness."""


class FaceLightOptions(EncoderOptions):
    """What the light face features can be told.

    Args:
        layer: "embedding" for what the network's head reads (192 numbers), "reading" for what
            it tells: 7 probabilities, 18 units over 5, 3 angles over 30 degrees, gaze, faceness.
        rate_hz: pictures looked at per second.
        finder: whose face detector.
    """

    layer: Literal["embedding", "reading"] = "embedding"
    rate_hz: float = Field(default=4.0, gt=0, le=60)
    finder: FinderName = "light"


class FaceLight(ClipEncoder):
    """One row for each picture in which the most prominent face is.

    Raises:
        MissingExtra: a package of the face extractor is not installed.
        WeightsError: the shipped network is damaged, or MediaPipe's weight is not there.
    """

    options_type = FaceLightOptions
    modality = Modality.VISUAL
    empty = "no face was found in {}"

    def __init__(self, options: FaceLightOptions) -> None:
        self._options = options
        self._reader = FaceReader(shipped(NETWORK))
        self._finder = open_finder(options.finder)
        self.batch = options.batch
        self.width = EMBEDDING if options.layer == "embedding" else READING
        weights = f"{self._reader.revision}+{self._finder.provenance}"
        self.provenance = provenance_of("face-light", 1, weights, options)

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """One chunk per picture with the main face: its grey crop of 48 pixels."""
        faces = face_pictures(clip, self._finder, self._options.rate_hz)
        for index, (picture, square) in enumerate(faces):
            spans = np.array([[picture.start_s, picture.end_s]])
            yield FeatureChunk(cut(grey_of(picture.image), square), np.array([index]), spans)

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """(B, 48, 48) uint8 to (B, 1, width)."""
        if self._options.layer == "embedding":
            return self._reader.embed(inputs)[:, None]
        reading = self._reader.read(inputs)
        columns = (
            reading.expressions,
            reading.units / 5,
            reading.pose_deg / POSE_SCALE_DEG,
            reading.gaze[:, None],
            reading.faceness[:, None],
        )
        return np.concatenate(columns, axis=1).astype(np.float32)[:, None]
