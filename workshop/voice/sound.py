"""A recording in memory as a clip, so that training goes through the extractor itself."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.types import AUDIO_RATE_HZ, AudioWindow, Clip, Frame, Modality, TimeSpan


@dataclass(frozen=True, slots=True)
class SoundInMemory:
    """`samples` (n,) float32 at 16 kHz as a `MediaSource` without pictures."""

    samples: Signal

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        """There are no pictures."""
        return iter(())

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        """Consecutive windows of `window_s`."""
        size = max(1, round(window_s * AUDIO_RATE_HZ))
        for start in range(0, len(self.samples), size):
            yield AudioWindow(start / AUDIO_RATE_HZ, self.samples[start : start + size])


def sound_clip(samples: Signal, name: str) -> Clip:
    """A clip that has only sound."""
    return Clip(
        id=hashlib.sha256(samples.tobytes()).hexdigest(),
        name=name,
        duration_s=len(samples) / AUDIO_RATE_HZ,
        modalities=frozenset({Modality.AUDIO}),
        source=SoundInMemory(samples),
    )


def whole(clip: Clip) -> TimeSpan:
    """The span of a clip."""
    return TimeSpan(start_s=0.0, end_s=clip.duration_s)
