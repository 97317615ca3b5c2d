"""A clip's own pictures and sound, for a model that looks and listens itself."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class MediaInput:
    """The pictures and sound of a stretch of a clip that a model is shown.

    Args:
        frames: (n, H, W, 3) uint8 RGB, all of one size; n is 0 where there is nothing to see.
        times_s: (n,) float64, when each was taken; times rise.
        audio: (samples,) float32 mono at 16 kHz; empty where there is nothing to hear.
        audio_start_s: when its first sample was.

    Raises:
        ValueError: shapes or types break the above.
    """

    frames: NDArray[np.uint8]
    times_s: NDArray[np.float64]
    audio: NDArray[np.float32]
    audio_start_s: float = 0.0

    def __post_init__(self) -> None:
        if self.frames.ndim != 4 or self.frames.shape[-1] != 3 or self.frames.dtype != np.uint8:
            raise ValueError(f"frames are (n, H, W, 3) uint8, not {self.frames.shape}")
        if self.times_s.shape != (len(self.frames),) or (np.diff(self.times_s) < 0).any():
            raise ValueError(f"{len(self.frames)} frames have {self.times_s.shape} rising times")
        if self.audio.ndim != 1 or self.audio.dtype != np.float32:
            raise ValueError(f"audio is (samples,) float32, not {self.audio.shape}")

    @property
    def rate_hz(self) -> float:
        """Frames a second, as they were sampled; 1 where that cannot be told."""
        if len(self.times_s) < 2 or self.times_s[-1] <= self.times_s[0]:
            return 1.0
        return float((len(self.times_s) - 1) / (self.times_s[-1] - self.times_s[0]))


class ClipMedia(Protocol):
    """Pictures and sound that are decoded when they are wanted, so that no batch holds them all."""

    def read(self) -> MediaInput:
        """Decode them, within the limits that they were asked for with.

        Raises:
            MediaError: the file breaks a limit or the decoder.
        """
        ...
