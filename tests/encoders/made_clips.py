"""Clips whose pictures and sound are made on the spot: no decoding, exact lengths."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from affect_llm.types import (
    AUDIO_RATE_HZ,
    AudioWindow,
    Clip,
    Frame,
    Modality,
    TimeSpan,
    TranscriptSegment,
)


@dataclass(slots=True)
class MadeSource:
    """Plays arrays back; `longest` is the longest stretch of sound that was handed out at once."""

    samples: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    images: tuple[NDArray[np.uint8], ...] = ()
    fps: float = 10.0

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        step = max(1, round(self.fps / rate_hz))
        for index in range(0, len(self.images), step):
            yield Frame(index / self.fps, self.images[index])

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        size = round(window_s * AUDIO_RATE_HZ)
        for start in range(0, len(self.samples), size):
            yield AudioWindow(start / AUDIO_RATE_HZ, self.samples[start : start + size])


def sound_clip(samples: NDArray[np.float32], name: str = "sound") -> Clip:
    return Clip(
        id=f"{name}-{len(samples)}-{float(np.abs(samples).sum()):.6f}",
        name=name,
        duration_s=len(samples) / AUDIO_RATE_HZ,
        modalities=frozenset({Modality.AUDIO}),
        source=MadeSource(samples=samples),
    )


def picture_clip(images: tuple[NDArray[np.uint8], ...], fps: float = 10.0) -> Clip:
    return Clip(
        id=f"pictures-{len(images)}-{sum(int(i.sum()) for i in images)}",
        name="pictures",
        duration_s=len(images) / fps,
        modalities=frozenset({Modality.VISUAL}),
        source=MadeSource(images=images, fps=fps),
    )


def spoken_clip(*segments: tuple[str, float, float]) -> Clip:
    transcript = tuple(
        TranscriptSegment(text=text, span=TimeSpan(start_s=start, end_s=end))
        for text, start, end in segments
    )
    return Clip(
        id="words",
        name="words",
        duration_s=max((end for _, _, end in segments), default=0.0),
        modalities=frozenset({Modality.TEXT}),
        transcript=transcript,
    )


def voice_like(seconds: float, seed: int = 0, level: float = 0.1) -> NDArray[np.float32]:
    """A buzzing tone whose pitch and loudness wander, with noise."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * AUDIO_RATE_HZ)) / AUDIO_RATE_HZ
    pitch = 140 + 40 * np.sin(2 * np.pi * 0.7 * time + seed)
    phase = 2 * np.pi * np.cumsum(pitch) / AUDIO_RATE_HZ
    buzz = sum(np.sin(k * phase) / k for k in range(1, 12))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 2.3 * time)
    return (level * (buzz * swell + 0.05 * random.normal(size=len(time)))).astype(np.float32)


def noise_images(count: int, side: int = 40, seed: int = 0) -> tuple[NDArray[np.uint8], ...]:
    random = np.random.default_rng(seed)
    return tuple(random.integers(0, 255, (side, side + 8, 3), np.uint8) for _ in range(count))
