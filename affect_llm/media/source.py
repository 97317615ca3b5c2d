"""A clip's pictures and sound, decoded on demand in another process."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from affect_llm.config import MediaLimits
from affect_llm.media.pool import POOL
from affect_llm.types import AUDIO_RATE_HZ, AudioWindow, Frame


@dataclass(frozen=True, slots=True)
class DecodedSource:
    """A `MediaSource` over a local file.

    Args:
        path: the file.
        origin_s: the timestamp in the file that is the clip's second 0.
        has_video: whether it has pictures.
        has_audio: whether it has sound.
        picture: whether it is a still.
        limits: budgets of each iteration.
    """

    path: Path
    origin_s: float
    has_video: bool
    has_audio: bool
    picture: bool
    limits: MediaLimits

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        """Upright RGB frames in time order, the ones nearest to 0, 1/rate, 2/rate … seconds.

        A frame carries its own time, so times are irregular where the file's are, and where the
        file has fewer frames than asked each is given once. Pictures have square pixels and
        are scaled down to a longer side of 1280. A still gives one frame at 0.

        Raises:
            MediaError: the file breaks a limit or the decoder.
            ValueError: `rate_hz` is not a positive number.
        """
        if not (rate_hz > 0 and math.isfinite(rate_hz)):
            raise ValueError(f"rate_hz is {rate_hz}; it must be a positive number")
        if not self.has_video:
            return iter(())
        arguments = {
            "path": str(self.path),
            "rate_hz": rate_hz,
            "origin_s": self.origin_s,
            "picture": self.picture,
        }
        return (
            Frame(header["time_s"], np.frombuffer(payload, np.uint8).reshape(header["shape"]))
            for header, payload in POOL.run("frames", self.path.name, self.limits, arguments)
        )

    def frames_from(self, rate_hz: float, start_s: float) -> Iterator[Frame]:
        """As `frames`, but nearest to `start_s`, `start_s` + 1/rate …; seeks to the first.

        Raises:
            MediaError, ValueError: as `frames`.
        """
        shifted = replace(self, origin_s=self.origin_s + start_s)
        for frame in shifted.frames(rate_hz):
            yield Frame(time_s=frame.time_s + start_s, image=frame.image)

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        """Consecutive windows of `window_s`, mono float32 at 16 kHz; the last may be shorter.

        Sound that begins after the pictures, and gaps in it, are silence, so that a sample's
        place is its time.

        Raises:
            MediaError: the file breaks a limit or the decoder.
            ValueError: `window_s` is not positive.
        """
        if not window_s > 0:
            raise ValueError(f"window_s is {window_s}; it must be positive")
        if not self.has_audio:
            return iter(())
        arguments = {
            "path": str(self.path),
            "window_s": min(window_s, self.limits.max_duration_s),
            "rate_hz": AUDIO_RATE_HZ,
            "origin_s": self.origin_s,
        }
        return (
            AudioWindow(header["start_s"], np.frombuffer(payload, np.float32))
            for header, payload in POOL.run("audio", self.path.name, self.limits, arguments)
        )
