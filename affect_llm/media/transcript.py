"""The words that come with a clip: given, beside it, or inside it, in that order.

Text files may have any of the usual encodings, and SubRip and WebVTT are read tolerantly. WebVTT:
https://www.w3.org/TR/webvtt1/. SubRip has no standard; its times use a comma.
"""

import html
import re
from pathlib import Path

from affect_llm.config import MediaLimits
from affect_llm.errors import MediaError
from affect_llm.media.pool import POOL
from affect_llm.types import TimeSpan, TranscriptSegment

Transcript = tuple[TranscriptSegment, ...]

SIDECARS = (".srt", ".vtt", ".txt")
_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_CUE_TIMES = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}")
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


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
    """Segments of an .srt or .vtt text in time order, one segment of any other.

    What is not a cue is passed over.
    """
    if suffix not in {".srt", ".vtt"}:
        return _whole(text, duration_s, language, "sidecar")
    segments = []
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip("\n").split("\n")
        matches = ((i, match) for i, line in enumerate(lines) if (match := _CUE_TIMES.match(line)))
        at, times = next(matches, (0, None))
        if times is None:
            continue
        words = _plain("\n".join(lines[at + 1 :]))
        start_s, end_s = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
        if words and end_s >= start_s:
            span = TimeSpan(start_s=start_s, end_s=end_s)
            segment = TranscriptSegment(text=words, span=span, language=language, source="sidecar")
            segments.append(segment)
    return tuple(sorted(segments, key=lambda segment: segment.span.start_s))


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
        if (text := _plain(header["text"]))
    )


def _whole(text: str, duration_s: float, language: str | None, source: str) -> Transcript:
    text = text.strip()
    if not text:
        return ()
    span = TimeSpan(start_s=0, end_s=duration_s)
    return (TranscriptSegment(text=text, span=span, language=language, source=source),)


def read_text(path: Path, max_chars: int) -> str:
    """The text of a UTF-8, UTF-16 or Latin-1 file.

    Raises:
        MediaError: unreadable, binary, or longer than `max_chars`.
    """
    try:
        with path.open("rb") as file:
            # No character takes more than four bytes; the rest shows that there are too many.
            data = file.read(4 * max_chars + 5)
    except OSError as error:
        raise MediaError(f"{path.name} cannot be read: {error.strerror}.") from error
    text = _decoded(data)
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text[:4096]):
        raise MediaError(f"{path.name} is not text; give a UTF-8 text file.")
    if len(text) > max_chars:
        raise MediaError(
            f"{path.name} has more than {max_chars} characters; shorten it, or raise "
            "limits.max_text_chars."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str:
    """Text by its byte order mark, else UTF-8, else UTF-16 by its zeros, else Latin-1."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    sample = data[:4096]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) > 3 and zeros.count(0) > 0.4 * len(zeros):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _plain(text: str) -> str:
    """Words of a cue without tags, entities and line breaks."""
    return " ".join(html.unescape(_TAG.sub("", text)).replace("\\N", " ").split())


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, whole, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(whole) + float(f"0.{fraction}")
