"""Files and texts become clips."""

import hashlib
from pathlib import Path
from typing import Any

from affect_llm.config import MediaLimits
from affect_llm.errors import MediaError
from affect_llm.media import transcript as words_of
from affect_llm.media.local_file import checked, sha256
from affect_llm.media.pool import POOL
from affect_llm.media.source import DecodedSource
from affect_llm.types import Absence, Clip, Modality, TranscriptSegment

TEXT_SUFFIXES = {".txt", ".md", ".srt", ".vtt"}
_KINDS = {"video": Modality.VISUAL, "audio": Modality.AUDIO}
"""Kinds of stream in the decoder's report → the modality that they are."""
CUT_SHORT_S = 0.5
"""A file is cut short when it ends this much, and a tenth, before the end its header announces."""


def load_clip(
    path: Path, *, transcript: str | None = None, language: str | None = None, limits: MediaLimits
) -> Clip:
    """Open a local video, recording, picture or text file; its streams are tried, not believed.

    Args:
        path: the file; .txt, .md, .srt and .vtt make a clip of text only.
        transcript: the words spoken in it; wins over a sidecar (.srt, .vtt, .txt of the same
            stem), which wins over a subtitle stream inside the file.
        language: of the words, an IETF tag; also chooses among subtitle streams.
        limits: what is over is refused.

    Raises:
        MediaError: not a readable media file, or over a limit.
    """
    file = checked(Path(path), limits)
    if file.suffix.lower() in TEXT_SUFFIXES:
        return _text_file(file, transcript, language, limits)
    reports = POOL.run("probe", file.name, limits, {"path": str(file)})
    report = next((header for header, _ in reports), None)
    if report is None:
        raise MediaError(f"{file.name} holds nothing that decodes.")
    duration_s, origin_s = report["duration_s"], report["origin_s"]
    if transcript is not None:
        spoken = words_of.given(transcript, duration_s, language, limits)
    else:
        spoken = words_of.beside(file, duration_s, language, limits)
        if not spoken and report["subtitles"]:
            spoken = words_of.inside(file, origin_s, language, limits)
    decodable = {modality for kind, modality in _KINDS.items() if report[kind]["state"] == "ok"}
    return Clip(
        id=sha256(file),
        name=file.name,
        duration_s=duration_s,
        modalities=frozenset(decodable | ({Modality.TEXT} if spoken else set())),
        transcript=spoken,
        source=DecodedSource(
            path=file,
            origin_s=origin_s,
            has_video=Modality.VISUAL in decodable,
            has_audio=Modality.AUDIO in decodable,
            picture=report["picture"],
            limits=limits,
        ),
        path=str(file),
        absent=(*_missing(report, spoken), *_cut_short(report, decodable)),
    )


def text_clip(text: str, *, language: str | None = None, limits: MediaLimits) -> Clip:
    """A clip that is made of words only.

    Raises:
        MediaError: blank, or longer than `limits.max_text_chars`.
    """
    spoken = words_of.given(text, 0.0, language, limits)
    if not spoken:
        raise MediaError("The text is empty; give at least one word.")
    return _of_text("text", hashlib.sha256(text.encode()).hexdigest(), spoken, None)


def _text_file(
    file: Path, transcript: str | None, language: str | None, limits: MediaLimits
) -> Clip:
    if transcript is not None:
        raise MediaError(f"{file.name} is text already; give a transcript only with a recording.")
    text = words_of.read_text(file, limits.max_text_chars)
    spoken = words_of.from_file(text, file.suffix.lower(), 0.0, language)
    if not spoken:
        raise MediaError(f"{file.name} holds no words.")
    end_s = max(segment.span.end_s for segment in spoken)
    if end_s > limits.max_duration_s:
        raise MediaError(
            f"{file.name} has words until {end_s:.0f} s, and {limits.max_duration_s:g} s are "
            "allowed; correct its times, cut it, or raise limits.max_duration_s."
        )
    return _of_text(file.name, sha256(file), spoken, str(file))


def _of_text(
    name: str, digest: str, spoken: tuple[TranscriptSegment, ...], path: str | None
) -> Clip:
    absent = tuple(
        Absence(modality=modality, state="absent", reason="only text was given")
        for modality in (Modality.AUDIO, Modality.VISUAL)
    )
    return Clip(
        id=digest,
        name=name,
        duration_s=max(segment.span.end_s for segment in spoken),
        modalities=frozenset({Modality.TEXT}),
        transcript=spoken,
        path=path,
        absent=absent,
    )


def _missing(report: dict[str, Any], spoken: tuple[TranscriptSegment, ...]) -> list[Absence]:
    absent = [
        Absence(modality=modality, state=report[kind]["state"], reason=report[kind]["reason"])
        for kind, modality in _KINDS.items()
        if report[kind]["state"] != "ok"
    ]
    if not spoken:
        absent.append(
            Absence(
                modality=Modality.TEXT,
                state="absent",
                reason="no transcript was given, and the file has no subtitles with or beside it",
                remedy="give --text, or put an .srt, .vtt or .txt file beside it",
            )
        )
    return absent


def _cut_short(report: dict[str, Any], decodable: set[Modality]) -> list[Absence]:
    announced_s, real_s = report["announced_s"] or 0.0, report["duration_s"]
    if report["picture"] or announced_s - real_s < max(CUT_SHORT_S, announced_s / 10):
        return []
    reason = f"the file ends after {real_s:.1f} s, but its header announces {announced_s:.1f} s"
    remedy = "use a complete copy"
    return [
        Absence(modality=modality, state="low_quality", reason=reason, remedy=remedy)
        for modality in sorted(decodable)
    ]
