"""What a decoding job may spend, and how it says no."""

import time
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
        self.cpu_s: float = limits["cpu_s"]
        self.cpu_per_media_s: float = limits["cpu_per_media_s"]
        self._frames = 0
        self._media_s = 0.0
        self._began_s = time.process_time()
        self._alive = alive

    def alive(self) -> None:
        """Tell the owner that work goes on; refuse a file that costs more than what it holds."""
        self._alive()
        allowed_s = self.cpu_s + self.cpu_per_media_s * self._media_s
        if time.process_time() - self._began_s > allowed_s:
            raise Refusal(
                f"takes more than {allowed_s:.0f} s of processor time for its first "
                f"{self._media_s:.1f} s; convert it, or raise limits.cpu_s or "
                "limits.cpu_per_media_s."
            )

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
        self._media_s = max(self._media_s, seconds)
        self.alive()
        if seconds > self.max_duration_s:
            raise Refusal(
                f"is longer than {self.max_duration_s:g} s; cut it, or raise limits.max_duration_s."
            )
