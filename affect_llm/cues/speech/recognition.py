"""From sound to words, without the words that were never said."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

from affect_llm.cues.speech.chunks import SoundChunk, chunks_of
from affect_llm.cues.speech.gate import share_of
from affect_llm.cues.speech.transcriber import RecognisedSegment, Transcriber, Word
from affect_llm.types import Clip

NO_SPEECH = 0.6
LEAST_LOGPROB = -1.0
MOST_COMPRESSION = 2.4
"""Thresholds of the published recogniser (Radford et al. 2022, section 4.5, and its code)."""
LEAST_SPEECH_S = 0.25
LEAST_SHARE = 0.2
"""A stretch of words with less possible speech under it than this was made up."""
WINDOW_S = 30.0


def recognise(
    clip: Clip, transcriber: Transcriber, language: str | None
) -> Iterator[RecognisedSegment]:
    """Words of a clip in time order, times in seconds of the clip; nothing for silence and noise.

    The language that the first words are in is kept for the rest.
    """
    if clip.source is None:
        return
    for chunk in chunks_of(clip.source.audio(WINDOW_S)):
        if chunk.speech_s < LEAST_SPEECH_S:
            continue
        for heard in transcriber.transcribe(chunk.samples, language):
            if is_speech(heard, chunk):
                language = language or heard.language
                yield _shifted(heard, chunk.start_s)


def is_speech(heard: RecognisedSegment, chunk: SoundChunk) -> bool:
    """Whether `heard` was really said, by level, by the detector and by the model's own doubt."""
    share = share_of(chunk.mask, heard.start_s, heard.end_s)
    doubted = heard.no_speech > NO_SPEECH and (heard.mean_logprob < LEAST_LOGPROB or share < 0.5)
    return (
        re.search(r"\w", heard.text) is not None
        and share >= LEAST_SHARE
        and not doubted
        and heard.mean_logprob >= LEAST_LOGPROB
        and heard.compression <= MOST_COMPRESSION
    )


def compression_of(text: str) -> float:
    """Bytes of `text` over its bytes compressed by zlib; 0 for nothing."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0


def _shifted(heard: RecognisedSegment, by_s: float) -> RecognisedSegment:
    words = tuple(
        Word(w.text, w.start_s + by_s, w.end_s + by_s, w.probability) for w in heard.words
    )
    return replace(heard, start_s=heard.start_s + by_s, end_s=heard.end_s + by_s, words=words)
