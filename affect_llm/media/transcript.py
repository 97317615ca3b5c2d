"""The words that come with a clip: given, beside it, or inside it, in that order."""

from pathlib import Path

from affect_llm.config import MediaLimits
from affect_llm.errors import MediaError
from affect_llm.media.pool import POOL
from affect_llm.media.subtitles import parse_cues, plain, read_text
from affect_llm.types import TimeSpan, TranscriptSegment

Transcript = tuple[TranscriptSegment, ...]

SIDECARS = (".srt", ".vtt", ".txt")


def given(text: str, duration_s: float, language: str | None, limits: MediaLimits) -> Transcript:
    """One segment over the whole clip; nothing for blank text.

    Raises:
        MediaError: longer than `limits.max_text_chars`.
    """
    if len(text) > limits.max_text_chars:
        raise MediaError(
            f"The text has {len(text)} characters, and {limits.max_text_chars} are allowed; "
            "shorten it, or raise limits.max_text_chars."
        )
    return _whole(text, duration_s, language, "given")


def beside(path: Path, duration_s: float, language: str | None, limits: MediaLimits) -> Transcript:
    """Words of the first sidecar with the clip's stem that holds any.

    Raises:
        MediaError: a sidecar that is binary or too long.
    """
    for suffix in SIDECARS:
        sidecar = path.with_suffix(suffix)
        if sidecar != path and sidecar.is_file():
            text = read_text(sidecar, limits.max_text_chars)
            if transcript := from_file(text, suffix, duration_s, language):
                return transcript
    return ()


def from_file(text: str, suffix: str, duration_s: float, language: str | None) -> Transcript:
    """Segments of an .srt or .vtt text, one segment of any other."""
    if suffix in {".srt", ".vtt"}:
        return parse_cues(text, language, "sidecar")
    return _whole(text, duration_s, language, "sidecar")


def inside(path: Path, origin_s: float, language: str | None, limits: MediaLimits) -> Transcript:
    """Words of the file's own subtitle stream, the one in `language` if there is one.

    Raises:
        MediaError: longer than allowed, or the decoder broke.
    """
    arguments = {"path": str(path), "language": language, "origin_s": origin_s}
    return tuple(
        TranscriptSegment(
            text=text,
            span=TimeSpan(start_s=header["start_s"], end_s=header["end_s"]),
            language=header["language"] or language,
            source="embedded",
        )
        for header, _ in POOL.run("subtitles", path.name, limits, arguments)
        if (text := plain(header["text"]))
    )


def _whole(text: str, duration_s: float, language: str | None, source: str) -> Transcript:
    text = text.strip()
    if not text:
        return ()
    span = TimeSpan(start_s=0, end_s=duration_s)
    return (TranscriptSegment(text=text, span=span, language=language, source=source),)
