"""The interface of every speech recogniser."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MAX_CHUNK_S = 30.0
"""Longest stretch a recogniser is given at once: Whisper's window (Radford et al. 2022, 2.2)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its times in seconds and its probability, 0 to 1.

    `text` keeps the space before it, in languages that have one.
    """

    text: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, slots=True)
class RecognisedSegment:
    """A stretch of recognised speech; times are seconds from the start of what was given.

    Args:
        words: with their times; empty where the recogniser has none.
        language: as a code ("en"), None if unknown.
        no_speech: the recogniser's own probability that nobody speaks, 0 to 1.
        mean_logprob: mean natural-log probability of the tokens.
        compression: length of the text over its length compressed; high when it repeats itself.
    """

    text: str
    start_s: float
    end_s: float
    language: str | None
    no_speech: float
    mean_logprob: float
    compression: float
    words: tuple[Word, ...] = ()


class Transcriber(Protocol):
    """A speech recogniser, which hears words in sound."""

    provenance: str
    """What the recogniser is: `name@version#weights`."""

    def transcribe(
        self, samples: NDArray[np.float32], language: str | None
    ) -> tuple[RecognisedSegment, ...]:
        """Recognise the words in a stretch of sound.

        Args:
            samples: (n,) mono at `AUDIO_RATE_HZ`, not longer than `MAX_CHUNK_S`.
            language: a code, or None to find out.
        """
        ...
