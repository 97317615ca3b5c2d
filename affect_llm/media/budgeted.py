"""A stretch of a clip as a few pictures and some seconds of sound."""

from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from affect_llm.config import MediaBudget
from affect_llm.media.source import DecodedSource
from affect_llm.types import AUDIO_RATE_HZ, Frame, MediaInput, MediaSource, Modality, TimeSpan

_SOUND_WINDOW_S = 10.0
"""Sound is decoded in windows of this length, so that what is not wanted costs no memory."""


@dataclass(frozen=True, slots=True)
class BudgetedMedia:
    """Decodes a stretch of a clip anew whenever it is read.

    Args:
        source: of the clip.
        span: in seconds; of length 0 for a still.
        modalities: what is wanted of it: visual, audio or both.
        budget: pictures are spread evenly over the span; sound is its first seconds.
    """

    source: MediaSource
    span: TimeSpan
    modalities: frozenset[Modality]
    budget: MediaBudget

    def within(self, span: TimeSpan) -> "BudgetedMedia":
        """The same budget and clip for another stretch of time."""
        return replace(self, span=span)

    def read(self) -> MediaInput:
        """The pictures and the sound of the stretch.

        Raises:
            MediaError: the file breaks a limit or the decoder.
        """
        frames = self._frames() if Modality.VISUAL in self.modalities else []
        images = [frame.image for frame in frames] or [np.zeros((1, 1, 3), np.uint8)]
        # Pictures that change their size within a clip are cut to the smallest.
        height, width = (min(image.shape[axis] for image in images) for axis in (0, 1))
        audio = self._audio() if Modality.AUDIO in self.modalities else np.zeros(0, np.float32)
        return MediaInput(
            frames=np.stack([image[:height, :width] for image in images])[: len(frames)],
            times_s=np.array([f.time_s for f in frames], dtype=np.float64),
            audio=audio,
            audio_start_s=self.span.start_s,
        )

    def _frames(self) -> list[Frame]:
        length, start = self.span.duration_s, self.span.start_s
        if not length:
            return [self._scaled(frame) for frame in islice(self.source.frames(1.0), 1)]
        rate = min(self.budget.frames / length, self.budget.frames_per_s)
        # A file is not decoded from its beginning for a stretch in its middle.
        frames = (
            self.source.frames_from(rate, start)
            if isinstance(self.source, DecodedSource)
            else self.source.frames(rate)
        )
        taken: list[Frame] = []
        for frame in frames:
            if frame.time_s > self.span.end_s or len(taken) == self.budget.frames:
                break
            if frame.time_s >= start - 0.5 / rate:
                taken.append(self._scaled(frame))
        return taken

    def _scaled(self, frame: Frame) -> Frame:
        """The picture with no side longer than allowed: means over blocks of k by k pixels."""
        k = -(-max(frame.image.shape[:2]) // self.budget.side)
        height, width = (length // k for length in frame.image.shape[:2])
        blocks = frame.image[: height * k, : width * k].reshape(height, k, width, k, 3)
        return Frame(frame.time_s, blocks.mean((1, 3)).round().astype(np.uint8))

    def _audio(self) -> NDArray[np.float32]:
        start = self.span.start_s
        end = min(self.span.end_s, start + self.budget.audio_s)
        pieces = []
        for window in self.source.audio(_SOUND_WINDOW_S):
            if window.start_s >= end:
                break
            first = max(0, round((start - window.start_s) * AUDIO_RATE_HZ))
            last = max(0, round((end - window.start_s) * AUDIO_RATE_HZ))
            pieces.append(window.samples[first:last])
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
