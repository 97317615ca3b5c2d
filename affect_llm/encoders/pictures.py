"""The pictures of a clip that a vision encoder looks at, with the time each stands for."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.types import Clip, Frame


@dataclass(frozen=True, slots=True)
class Picture:
    """`image` (H, W, 3) uint8 RGB, standing from `start_s` until the next one that is looked at."""

    image: NDArray[np.uint8]
    start_s: float
    end_s: float


def pictures(clip: Clip, rate_hz: float) -> Iterator[Picture]:
    """About `rate_hz` pictures a second; the last stands until the clip ends, a still at 0."""
    if clip.source is None:
        return
    held: Frame | None = None
    for frame in clip.source.frames(rate_hz):
        if held is not None:
            yield Picture(held.image, held.time_s, frame.time_s)
        held = frame
    if held is not None:
        last_s = held.time_s + 1 / rate_hz if clip.duration_s > 0 else held.time_s
        end_s = min(last_s, clip.duration_s) if clip.duration_s > held.time_s else last_s
        yield Picture(held.image, held.time_s, end_s)
