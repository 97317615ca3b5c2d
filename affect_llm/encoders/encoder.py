"""The interface of every encoder."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.types import Absence, Clip, Modality, Model


class EncoderOptions(Model):
    """What every encoder can be told; families add to it, and unknown options are refused."""

    device: str = "auto"
    batch: int = Field(default=8, gt=0)
    """How many chunks the model sees at once."""


@dataclass(frozen=True, slots=True)
class FeatureChunk:
    """What a model sees at once, and where its K rows of output belong.

    Args:
        inputs: what `Encoder.forward` takes, without the batch; equal shapes may be batched.
        owner: (K,) int64, the step of the track that each row counts towards; -1 drops a row.
            A step's features are the mean of its rows, which may come from several chunks.
        spans: (K, 2) float64 seconds, what each row saw; a step spans all its rows.
    """

    inputs: NDArray[Any]
    owner: NDArray[np.int64]
    spans: NDArray[np.float64]


class Encoder(Protocol):
    """A model that turns clips into features.

    `chunks` streams: memory is that of a chunk and never that of the clip. Rows depend on
    their own chunk only.
    """

    modality: Modality
    width: int
    """How many numbers a row has."""
    provenance: str
    """`name@version#weights?options`; encoders that say the same give the same features."""
    batch: int

    def key(self, clip: Clip) -> str:
        """Hash of all of a clip that the features depend on."""
        ...

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """The clip in pieces; owners do not fall from one chunk's first to the next's."""
        ...

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """(B, …) inputs of B equal chunks to (B, K, width)."""
        ...

    def nothing(self, clip: Clip) -> Absence:
        """Why a clip that has the modality gave no chunk."""
        ...


class ClipEncoder:
    """What encoders share whose features depend on the bytes of the clip alone."""

    modality: Modality
    empty: str
    """Why a clip gave no chunk, as a clause with {} for the clip's name."""

    def key(self, clip: Clip) -> str:
        """The hash of the clip's bytes."""
        return clip.id

    def nothing(self, clip: Clip) -> Absence:
        """The absence of features of a clip that gave no chunk."""
        reason = self.empty.format(clip.name)
        return Absence(modality=self.modality, state="absent", reason=reason)


def provenance_of(name: str, version: int, weights: str, options: Model) -> str:
    """`name@version#weights?options`, the last as eight hexadecimal digits of their JSON.

    Device and batch change nothing that is in the features and do not count.
    """
    text = options.model_dump_json(exclude={"device", "batch", "checkpoint"})
    return f"{name}@{version}#{weights}?{sha256(text.encode()).hexdigest()[:8]}"
