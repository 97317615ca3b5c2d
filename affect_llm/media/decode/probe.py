"""Which streams of a file really decode, when it begins, and how long it lasts."""

from collections.abc import Iterator
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from affect_llm.media.decode.container import (
    audio_stream,
    decode,
    known,
    open_file,
    packets,
    seconds,
    text_streams,
    video_stream,
)
from affect_llm.media.decode.job import Budget, Item, Refusal
from affect_llm.media.decode.scan import scan

TRIES = 250
"""Packets that may fail before a stream is given up."""


def probe(path: str, budget: Budget) -> Iterator[Item]:
    """Try the streams of a file and yield one report of them.

    `picture`: whether it is a still; `video`, `audio`: {state, reason} with state ok, absent or
    failed; `origin_s`: the earliest decoded time; `duration_s`; `announced_s`: what the header
    says, None without; `subtitles`: languages of the streams of text.
    """
    with open_file(path, budget) as container:
        still_format = container.format.name.endswith("_pipe")
        report: dict[str, Any] = {
            "announced_s": None if container.duration is None else container.duration / 1e6,
            "subtitles": [stream.language or "" for stream in text_streams(container)],
        }
    starts = []
    for kind, chosen in (("video", video_stream), ("audio", audio_stream)):
        with open_file(path, budget) as container:
            state, start_s = _first(container, chosen(container), kind, budget)
        report[kind] = state
        starts += [start_s] if start_s is not None else []
    if not starts:
        failed = [report[k]["reason"] for k in ("video", "audio") if report[k]["state"] == "failed"]
        raise Refusal(f"holds nothing that decodes: {'; '.join(failed) or 'no stream at all'}.")
    scanned = scan(path, budget)
    origin_s, moving = min(starts), scanned.frames > 1 or report["audio"]["state"] == "ok"
    picture = still_format or not moving
    ends = [end for kind, end in scanned.end_s.items() if report[kind]["state"] == "ok"]
    duration_s = 0.0 if picture else max(0.0, max(ends, default=0.0) - origin_s)
    yield {**report, "origin_s": origin_s, "picture": picture, "duration_s": duration_s}, b""


def _first(
    container: InputContainer, stream: VideoStream | AudioStream | None, kind: str, budget: Budget
) -> tuple[dict[str, str], float | None]:
    what = {"video": "picture", "audio": "audio"}[kind]
    if stream is None:
        return {"state": "absent", "reason": f"the file has no {what} stream"}, None
    if not known(stream):
        return {"state": "failed", "reason": f"its {what} stream has an unknown codec"}, None
    if isinstance(stream, VideoStream):
        budget.check_size(stream.codec_context.width, stream.codec_context.height)
    for tries, packet in enumerate(packets(container, stream)):
        for frame in decode(packet):
            if isinstance(frame, VideoFrame):
                budget.spend_frame(frame.width, frame.height)
            return {"state": "ok", "reason": ""}, seconds(frame.pts, stream) or 0.0
        if tries > TRIES:
            break
    codec = stream.codec_context.name
    return {"state": "failed", "reason": f"its {what} stream ({codec}) does not decode"}, None
