"""Opens local files, and only as formats that cannot lead to other files."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from affect_llm.media.decode.job import Budget, Refusal
from affect_llm.media.decode.still import claimed_size, picture_format

S = TypeVar("S", bound=Stream)
FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mpegvideo,asf,flv,ogg,"
    "wav,w64,flac,mp3,aac,aiff,au,caf,amr,gif,apng,"
    "png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,ppm_pipe,pgm_pipe,pbm_pipe,qoi_pipe"
)
"""Demuxers that may be used: no playlists, no concatenation, no devices, no bare subtitles."""
TEXT_CODECS = {"subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text"}


def open_file(path: str, budget: Budget) -> InputContainer:
    """Open the regular file at `path`; nothing that it names is opened with it.

    Raises:
        Refusal: not a format of `FORMATS`, or a picture whose header claims too many pixels.
    """
    if size := claimed_size(path):
        budget.check_size(*size)
    try:
        return av.open(
            f"file:{path}",
            mode="r",
            format=picture_format(path),
            options={"max_pixels": str(budget.max_pixels)},
            container_options={"protocol_whitelist": "file", "format_whitelist": FORMATS},
        )
    except MemoryError:
        raise
    except (av.FFmpegError, ValueError) as error:
        raise Refusal(
            "is not audio, video or a picture that can be read "
            f"({getattr(error, 'strerror', None) or error}); convert it to mp4, wav or png."
        ) from error


def video_stream(container: InputContainer) -> VideoStream | None:
    """The default stream of moving pictures, else the first; a record's cover is not one."""
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    return _best(streams)


def audio_stream(container: InputContainer) -> AudioStream | None:
    """The default stream of sound, else the first."""
    return _best(container.streams.audio)


def text_streams(container: InputContainer) -> list[SubtitleStream]:
    """Streams of subtitles that are text and not pictures of text."""
    streams = container.streams.subtitles
    return [s for s in streams if known(s) and s.codec_context.name in TEXT_CODECS]


def known(stream: Stream) -> bool:
    """Whether this FFmpeg has a decoder for `stream`; where not, PyAV has no codec context."""
    context: object = stream.codec_context
    return context is not None


def _best(streams: Sequence[S]) -> S | None:
    """The first default stream with a decoder, else the first with one, else the first."""
    is_default = Disposition.default
    return max(streams, key=lambda s: (known(s), bool(s.disposition & is_default)), default=None)


def decode(packet: "Packet[Any]") -> list[Any]:
    """Frames of one packet; a damaged packet gives none."""
    try:
        return list(packet.decode())
    except (av.FFmpegError, ValueError):
        return []


def seconds(pts: int | None, stream: Stream) -> float | None:
    """A timestamp of `stream` in seconds, None if it has none."""
    return None if pts is None or stream.time_base is None else float(pts * stream.time_base)


def packets(container: InputContainer, *streams: Stream) -> "Iterator[Packet[Any]]":
    """Packets of `streams` up to the end of the file or its first unreadable byte."""
    try:
        yield from container.demux(*streams)
    except (av.FFmpegError, ValueError):
        return
