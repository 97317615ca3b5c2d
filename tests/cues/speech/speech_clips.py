"""Clips made of numbers, for tests of what is heard in them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.types import AUDIO_RATE_HZ, AudioWindow, Clip, Frame, Modality, TranscriptSegment


@dataclass(frozen=True)
class Sound:
    samples: NDArray[np.float32]

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        return iter(())

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        step = int(window_s * AUDIO_RATE_HZ)
        for start in range(0, len(self.samples), step):
            yield AudioWindow(start / AUDIO_RATE_HZ, self.samples[start : start + step])


def clip_of(samples: NDArray[np.float32], transcript: tuple[TranscriptSegment, ...] = ()) -> Clip:
    return Clip(
        id="0" * 64,
        name="sound.wav",
        duration_s=len(samples) / AUDIO_RATE_HZ,
        modalities=frozenset({Modality.AUDIO}),
        transcript=transcript,
        source=Sound(samples.astype(np.float32)),
    )


def text_clip(text: str) -> Clip:
    from affect_llm.types import TimeSpan

    segment = TranscriptSegment(text=text, span=TimeSpan(start_s=0, end_s=0))
    return Clip(
        id="0" * 64,
        name="text",
        duration_s=0,
        modalities=frozenset({Modality.TEXT}),
        transcript=(segment,),
    )


def syllables(seconds: float, seed: int = 0, level: float = 0.2) -> NDArray[np.float32]:
    """Vowel-like buzzes of 150 ms with gaps of 60 ms and a pause now and then."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * AUDIO_RATE_HZ)) / AUDIO_RATE_HZ
    f0 = 120 + 25 * np.sin(2 * np.pi * 0.7 * time)
    phase = 2 * np.pi * np.cumsum(f0) / AUDIO_RATE_HZ
    formant = (600, 1200, 2500)
    buzz = np.zeros_like(time)
    for k in range(1, 28):
        gain = sum(np.exp(-(((k * 120 - f) / 250) ** 2)) for f in formant) + 0.02
        buzz += gain * np.sin(k * phase)
    envelope = ((time % 0.21) < 0.15) & ((time % 3.0) < 2.2)
    smooth = np.convolve(envelope, np.hanning(400) / np.hanning(400).sum(), mode="same")
    noise = rng.normal(0, 0.001, len(time))
    return (level * buzz / np.abs(buzz).max() * smooth + noise).astype(np.float32)


def white(seconds: float, level: float, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return rng.normal(0, level, int(seconds * AUDIO_RATE_HZ)).astype(np.float32)
