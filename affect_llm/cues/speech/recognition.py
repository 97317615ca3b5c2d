"""From sound to words, without the words that were never said."""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from affect_llm.cues.speech.gate import Mask, share_of, speech_mask
from affect_llm.cues.speech.transcriber import MAX_CHUNK_S, RecognisedSegment, Transcriber
from affect_llm.cues.voice.frame_grid import HOP, HOP_S, Signal, level_db
from affect_llm.types import AUDIO_RATE_HZ, AudioWindow, Clip

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
_LONGEST = int(MAX_CHUNK_S * AUDIO_RATE_HZ)
_EARLIEST_CUT = 2 * _LONGEST // 3
"""Long sound is cut in the last third of a piece, so that none is much shorter than it may be."""
_QUIET = 20
"""Frames of 10 ms around a cut that are quietest together."""


@dataclass(frozen=True, slots=True)
class SoundChunk:
    """`samples` (n,) of at most `MAX_CHUNK_S`, from `start_s`, with where speech may be."""

    start_s: float
    samples: Signal
    mask: Mask

    @property
    def speech_s(self) -> float:
        """How many seconds of the chunk may be speech."""
        return float(self.mask.sum()) * HOP_S


def chunks_of(windows: Iterable[AudioWindow]) -> Iterator[SoundChunk]:
    """Pieces of consecutive windows, each ending at a quiet moment; memory stays flat."""
    rest = np.zeros(0, dtype=np.float32)
    start_s = 0.0
    for window in windows:
        if not len(rest):
            start_s = window.start_s
        rest = np.concatenate([rest, window.samples])
        while len(rest) > _LONGEST:
            level = level_db(rest[_EARLIEST_CUT:_LONGEST])
            smooth = np.convolve(level, np.ones(_QUIET) / _QUIET, mode="valid")
            cut = _EARLIEST_CUT + (int(np.argmin(smooth)) + _QUIET // 2) * HOP
            yield SoundChunk(start_s, rest[:cut], speech_mask(rest[:cut]))
            rest, start_s = rest[cut:], start_s + cut / AUDIO_RATE_HZ
    if len(rest) >= HOP:
        yield SoundChunk(start_s, rest, speech_mask(rest))


def recognise(
    clip: Clip, transcriber: Transcriber, language: str | None
) -> Iterator[RecognisedSegment]:
    """Words of a clip in time order, times in seconds of the clip; nothing for silence and noise.

    The language that the first words are in is kept for the rest.
    """
    if clip.source is None:
        return
    for chunk in chunks_of(clip.source.audio(MAX_CHUNK_S)):
        if chunk.speech_s < LEAST_SPEECH_S:
            continue
        for segment in transcriber.transcribe(chunk.samples, language):
            if is_speech(segment, chunk):
                language = language or segment.language
                by_s = chunk.start_s
                words = tuple(
                    replace(word, start_s=word.start_s + by_s, end_s=word.end_s + by_s)
                    for word in segment.words
                )
                start_s, end_s = segment.start_s + by_s, segment.end_s + by_s
                yield replace(segment, start_s=start_s, end_s=end_s, words=words)


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
