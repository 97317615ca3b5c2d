"""Speech recognisers: their interface, their names, and what several of them share."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import CapabilityError
from affect_llm.registry import Registry

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


SPEECH: Registry[Callable[[str | None, str], Transcriber]] = Registry(
    "speech recognisers",
    {
        "openai-whisper": "affect_llm.cues.speech.openai_whisper:OpenAIWhisper",
        "transformers": "affect_llm.cues.speech.transformers_whisper:TransformersWhisper",
        "faster-whisper": "affect_llm.cues.speech.faster_whisper:FasterWhisper",
        "fake": "affect_llm.cues.speech.fake:FakeTranscriber",
    },
)
"""Speech recognisers by name; each is made with (weights, device)."""


def known_language(asked: str | None, known: Collection[str], recogniser: str) -> str | None:
    """The code among `known` for an IETF tag ("pt-BR" is "pt"); None stays None.

    Raises:
        CapabilityError: the recogniser knows no such language.
    """
    if asked is None:
        return None
    code = asked.partition("-")[0].lower()
    if code not in known:
        raise CapabilityError(
            f"{recogniser} does not know the language '{asked}'. Known: {', '.join(sorted(known))}."
        )
    return code


def whisper_segment(fields: Mapping[str, Any], language: str) -> RecognisedSegment:
    """A segment under the names that openai-whisper and faster-whisper both give its parts."""
    return RecognisedSegment(
        text=fields["text"].strip(),
        # A span of time may not begin before its clip.
        start_s=max(0.0, float(fields["start"])),
        end_s=max(0.0, float(fields["end"])),
        language=language,
        no_speech=float(fields["no_speech_prob"]),
        mean_logprob=float(fields["avg_logprob"]),
        compression=float(fields["compression_ratio"]),
        words=tuple(
            Word(w["word"], float(w["start"]), float(w["end"]), float(w["probability"]))
            for w in fields.get("words") or ()
        ),
    )
