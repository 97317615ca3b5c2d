"""From sound to words, without the words that were never said."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

from affect_llm.cues.speech.chunks import SoundChunk, chunks_of
from affect_llm.cues.speech.gate import share_of
from affect_llm.cues.speech.transcriber import RecognisedSegment, Transcriber
from affect_llm.types import Clip

NO_SPEECH = 0.6
LEAST_LOGPROB = -1.0
MOST_COMPRESSION = 2.4
"""Thresholds of the published recogniser (Radford et al. 2022, section 4.5, and its code)."""
LEAST_SPEECH_S = 0.25
"""Less possible speech in a whole piece is not given to a recogniser at all."""
LEAST_SHARE = 0.2
"""A stretch of words with less possible speech under it than this was made up."""
_DOUBTED_SHARE = 0.5
"""Where the recogniser itself hears nobody, half of the stretch has to be possible speech."""
_READ_S = 30.0


def recognise(
    clip: Clip, transcriber: Transcriber, language: str | None
) -> Iterator[RecognisedSegment]:
    """Words of a clip in time order, times in seconds of the clip; nothing for silence and noise.

    The language that the first words are in is kept for the rest.
    """
    if clip.source is None:
        return
    for chunk in chunks_of(clip.source.audio(_READ_S)):
        if chunk.speech_s < LEAST_SPEECH_S:
            continue
        for segment in transcriber.transcribe(chunk.samples, language):
            if is_speech(segment, chunk):
                language = language or segment.language
                yield _shifted(segment, chunk.start_s)


def is_speech(segment: RecognisedSegment, chunk: SoundChunk) -> bool:
    """Whether it was really said, by level, by the detector and by the model's own doubt."""
    share = share_of(chunk.mask, segment.start_s, segment.end_s)
    if segment.no_speech > NO_SPEECH and share < _DOUBTED_SHARE:
        return False
    return (
        re.search(r"\w", segment.text) is not None
        and share >= LEAST_SHARE
        and segment.mean_logprob >= LEAST_LOGPROB
        and segment.compression <= MOST_COMPRESSION
    )


def compression_of(text: str) -> float:
    """Bytes of `text` over its bytes compressed by zlib; 0 for nothing."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0


def _shifted(segment: RecognisedSegment, by_s: float) -> RecognisedSegment:
    words = tuple(
        replace(word, start_s=word.start_s + by_s, end_s=word.end_s + by_s)
        for word in segment.words
    )
    start_s, end_s = segment.start_s + by_s, segment.end_s + by_s
    return replace(segment, start_s=start_s, end_s=end_s, words=words)
