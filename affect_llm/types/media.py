"""Clips, and the frames and windows of sound that they decode to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from affect_llm.types.base import Modality, TranscriptSegment
from affect_llm.types.cues import Absence


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright picture, `image` (H, W, 3) uint8 RGB, at `time_s`."""

    time_s: float
    image: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class AudioWindow:
    """`samples` (n,) float32 mono at `AUDIO_RATE_HZ`, the first one at `start_s`."""

    start_s: float
    samples: NDArray[np.float32]


class MediaSource(Protocol):
    """A decoder that works lazily and can be asked again; memory does not grow with the clip."""

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        """Upright RGB frames in time order, about `rate_hz` of them a second."""
        ...

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        """Consecutive windows of `window_s` (the last may be shorter), without overlap."""
        ...


@dataclass(frozen=True, slots=True)
class Clip:
    """A thing to be explained: a video, a recording, a picture, a text, or several of these.

    Args:
        id: sha256 of the bytes (of the text for a text-only clip), hexadecimal.
        name: what to call it in messages: the file's name, or "text".
        duration_s: seconds; 0 for a picture or a text.
        modalities: what the file really holds (a stream that decodes), not what its header says.
        transcript: the words that came with it; empty when there are none.
        source: decodes it; None for a text-only clip.
        path: where it lies; None for a text-only clip.
    """

    id: str
    name: str
    duration_s: float
    modalities: frozenset[Modality]
    transcript: tuple[TranscriptSegment, ...] = ()
    source: MediaSource | None = None
    path: str | None = None
    absent: tuple[Absence, ...] = ()
