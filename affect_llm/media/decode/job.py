"""What a decoding job may spend, and how it says no."""

from collections.abc import Callable
from typing import Any

Item = tuple[dict[str, Any], bytes]
"""What a task yields: a header that JSON can carry, and raw bytes."""


class Refusal(Exception):
    """The file will not be decoded; the text completes a sentence that begins with its name."""


class Budget:
    """Counts what really was decoded, never what a header claims.

    Args:
        limits: the fields of `config.MediaLimits`.
        alive: called often; tells the owner now and then that work goes on.
    """

    def __init__(self, limits: dict[str, Any], alive: Callable[[], None]) -> None:
        self.max_pixels: int = limits["max_pixels"]
        self.max_duration_s: float = limits["max_duration_s"]
        self.max_text_chars: int = limits["max_text_chars"]
        self.max_frames: int = limits["max_frames"]
        self._frames = 0
        self.alive = alive

    def spend_frame(self, width: int, height: int) -> None:
        """Count one decoded frame of `width` x `height` pixels."""
        self.alive()
        self._frames += 1
        if self._frames > self.max_frames:
            raise Refusal(
                f"has more than {self.max_frames} frames; cut it, or raise limits.max_frames."
            )
        self.check_size(width, height)

    def check_size(self, width: int, height: int) -> None:
        """Refuse pictures of more pixels than allowed."""
        if width * height > self.max_pixels:
            raise Refusal(
                f"has pictures of {width} x {height} pixels, and {self.max_pixels} pixels are "
                "allowed; make it smaller, or raise limits.max_pixels."
            )

    def check_time(self, seconds: float) -> None:
        """Refuse to go past the longest duration allowed."""
        self.alive()
        if seconds > self.max_duration_s:
            raise Refusal(
                f"is longer than {self.max_duration_s:g} s; cut it, or raise limits.max_duration_s."
            )
