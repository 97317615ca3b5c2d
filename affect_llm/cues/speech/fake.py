"""A recogniser without a model: it hears one sentence wherever it is asked, even in silence."""

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.speech.transcriber import RecognisedSegment, Word
from affect_llm.types import AUDIO_RATE_HZ

SENTENCE = "Thank you for watching."


class FakeTranscriber:
    """Sure of itself and often wrong, as Whisper is on silence; what guards it must catch that.

    Args:
        weights: a sentence to hear instead of the usual one.
        device: not used.
    """

    def __init__(self, weights: str | None = None, device: str = "auto") -> None:
        self.provenance = "fake@1"
        self._sentence = weights or SENTENCE

    def transcribe(
        self, samples: NDArray[np.float32], language: str | None
    ) -> tuple[RecognisedSegment, ...]:
        """One sentence over the whole of `samples`, its words evenly spread."""
        end_s = len(samples) / AUDIO_RATE_HZ
        texts = self._sentence.split()
        step = end_s / len(texts)
        words = tuple(Word(f" {t}", i * step, (i + 1) * step, 0.9) for i, t in enumerate(texts))
        segment = RecognisedSegment(
            text=self._sentence,
            start_s=0.0,
            end_s=end_s,
            language=language or "en",
            no_speech=0.05,
            mean_logprob=-0.1,
            compression=1.0,
            words=words,
        )
        return (segment,)
