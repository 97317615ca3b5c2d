"""Transcripts in pieces short enough to cite, each with its share of the time."""

import re
from collections.abc import Iterator, Sequence

from affect_llm.cues.speech.transcriber import RecognisedSegment, Word
from affect_llm.types import TimeSpan, TranscriptSegment

MAX_CHARS = 200
"""Longer sentences are cut: a cue is to be short enough to be quoted whole."""
_ENDS = (".", "!", "?", "…", "。", "！", "？")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"'”’)\]])\s+|(?<=[。！？])")
_CLAUSE_END = re.compile(r"(?<=[,;:，；：、])\s*|\s+(?=[–—-]\s)")


def pieces_of(segments: Sequence[TranscriptSegment]) -> Iterator[TranscriptSegment]:
    """Sentences of at most `MAX_CHARS`; time is shared out by length within a segment."""
    for segment in segments:
        texts = split_sentences(" ".join(segment.text.split()))
        total = sum(len(text) for text in texts)
        start_s, done = segment.span.start_s, 0
        for text in texts:
            done += len(text)
            end_s = segment.span.start_s + segment.span.duration_s * done / total
            end_s = min(max(end_s, start_s), segment.span.end_s)
            span = TimeSpan(start_s=start_s, end_s=end_s)
            yield segment.model_copy(update={"text": text, "span": span})
            start_s = end_s


def segments_of(recognised: RecognisedSegment, source: str) -> Iterator[TranscriptSegment]:
    """Sentences of recognised speech, by the times of its words where it has them."""
    sentences: list[tuple[str, float, float]] = []
    words: list[Word] = []
    for word in recognised.words:
        words.append(word)
        if word.text.rstrip().endswith(_ENDS) or word is recognised.words[-1]:
            text = "".join(w.text for w in words).strip()
            sentences.append((text, words[0].start_s, words[-1].end_s))
            words = []
    whole = (recognised.text, recognised.start_s, recognised.end_s)
    for text, start_s, end_s in sentences or [whole]:
        yield TranscriptSegment(
            text=text,
            span=TimeSpan(start_s=start_s, end_s=max(start_s, end_s)),
            language=recognised.language,
            source=source,
        )


def split_sentences(text: str) -> list[str]:
    """Sentences of `text`; a longer one is cut at clauses, then at spaces, then anywhere."""
    sentences = [s.strip() for s in _SENTENCE_END.split(text) if s and s.strip()]
    return [piece for sentence in sentences for piece in _shortened(sentence)]


def _shortened(sentence: str) -> list[str]:
    if len(sentence) <= MAX_CHARS:
        return [sentence]
    # The last clause that leaves a first piece of a sensible length, else the last space.
    ends = [m.start() for m in _CLAUSE_END.finditer(sentence) if m.start() >= MAX_CHARS // 3]
    clause = max((end for end in ends if end <= MAX_CHARS), default=0)
    cut = clause or sentence.rfind(" ", 1, MAX_CHARS + 1)
    cut = cut if cut > 0 else MAX_CHARS
    return [sentence[:cut].strip(), *_shortened(sentence[cut:].strip())]
