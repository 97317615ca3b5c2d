"""Encoders that need nothing: numbers drawn from a hash of what they see."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.encoders.encoder import ClipEncoder, EncoderOptions, FeatureChunk, provenance_of
from affect_llm.encoders.words import TimedText
from affect_llm.types import AUDIO_RATE_HZ, Clip, Modality

_HOP = AUDIO_RATE_HZ // 2
_HOP_S = _HOP / AUDIO_RATE_HZ


class FakeOptions(EncoderOptions):
    """What the fakes can be told: how many numbers a row has."""

    width: int = Field(default=8, gt=0)


class FakeEncoder(ClipEncoder):
    """Rows in [-1, 1] that are a pure function of the clip's id and the time."""

    options_type = FakeOptions
    empty = "{} holds nothing"

    def __init__(self, options: FakeOptions) -> None:
        self.batch, self.width = options.batch, options.width
        self.provenance = provenance_of(f"fake-{self.modality.value}", 1, "none", options)

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """Half a second each; one row for a picture."""
        for index in range(max(1, int(np.ceil(clip.duration_s / _HOP_S)))):
            span = (index * _HOP_S, min((index + 1) * _HOP_S, clip.duration_s))
            yield self._chunk(clip, index, span)

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """(B, 1) seeds to (B, 1, width)."""
        rows = [
            np.random.default_rng(int(seed)).uniform(-1, 1, self.width) for seed in inputs[:, 0]
        ]
        return np.array(rows, dtype=np.float32)[:, None]

    def _chunk(self, clip: Clip, index: int, span: tuple[float, float]) -> FeatureChunk:
        digest = sha256(f"{self.modality.value} {self.key(clip)} {index}".encode()).digest()
        seed = np.array([int.from_bytes(digest[:4], "little")])
        return FeatureChunk(seed, np.array([index]), np.array([span]))


class FakeAudio(FakeEncoder):
    """Made-up rows for the sound of a clip."""

    modality = Modality.AUDIO


class FakeVisual(FakeEncoder):
    """Made-up rows for the pictures of a clip."""

    modality = Modality.VISUAL


class FakeText(FakeEncoder):
    """Made-up rows for words: one per segment of the transcript."""

    modality = Modality.TEXT

    def key(self, clip: Clip) -> str:
        """The hash of the words."""
        return sha256(repr(clip.transcript).encode()).hexdigest()

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """One chunk per segment of the transcript."""
        for index, span in enumerate(TimedText.of(clip.transcript).spans):
            yield self._chunk(clip, index, (span.start_s, span.end_s))
