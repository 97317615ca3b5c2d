"""What the packets of a file say when all of them are read and none is decoded."""

import math
import os
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from av.packet import Packet
from av.video.stream import VideoStream

from affect_llm.media.decode.container import (
    audio_stream,
    open_file,
    packets,
    seconds,
    video_stream,
)
from affect_llm.media.decode.job import Budget, Refusal

KEYFRAME_STEP_S = 0.2
"""Keyframes closer than this to the one before are not remembered: they save no decoding."""
STEADY = 1.5
"""A stream is steady when no step between frames is longer than this many mean steps."""


@dataclass(slots=True)
class Scan:
    """Times are in seconds as the file has them, its first timestamp included.

    Args:
        end_s: end of the last packet of each kind, None without packets.
        frames: packets of the picture stream.
        frame_s: mean step between pictures, 0 when there is one.
        steady: whether the frame rate is constant.
        keyframes_s: where decoding can begin.
    """

    end_s: dict[str, float] = field(default_factory=dict)
    frames: int = 0
    frame_s: float = 0.0
    steady: bool = True
    keyframes_s: list[float] = field(default_factory=list)


def scan(path: str, budget: Budget) -> Scan:
    """Read every packet of the best picture and sound streams; linear time, flat memory.

    Raises:
        Refusal: more frames or seconds than the budget allows.
    """
    status = os.stat(path)
    report = _scan_once(path, status.st_size, status.st_mtime_ns, _Reader(budget))
    if report.frames > budget.max_frames:
        raise Refusal(
            f"has {report.frames} frames, and {budget.max_frames} are allowed; cut it, or raise "
            "limits.max_frames."
        )
    return report


@dataclass(frozen=True)
class _Reader:
    """Carries a budget past the cache: every reader is equal to every other."""

    budget: Budget = field(compare=False)


@lru_cache(maxsize=8)
def _scan_once(path: str, size: int, changed_ns: int, reader: _Reader) -> Scan:
    report, steps = Scan(), _Steps()
    with open_file(path, reader.budget) as container:
        chosen = [s for s in (video_stream(container), audio_stream(container)) if s is not None]
        first_s: float | None = None
        for packet in packets(container, *chosen):
            stamp = packet.pts if packet.pts is not None else packet.dts
            start = seconds(stamp, packet.stream)
            if start is None:
                continue
            first_s = start if first_s is None else min(first_s, start)
            length_s = max(0.0, seconds(packet.duration, packet.stream) or 0.0)
            kind, end = packet.stream.type, start + length_s
            report.end_s[kind] = max(report.end_s.get(kind, end), end)
            reader.budget.check_time(end - first_s)
            if isinstance(packet.stream, VideoStream):
                report.frames += 1
                steps.note(packet, start)
                known = report.keyframes_s
                if packet.is_keyframe and (not known or start - known[-1] >= KEYFRAME_STEP_S):
                    known.append(start)
    report.frame_s, report.steady = steps.mean_s, steps.steady
    return report


@dataclass(slots=True)
class _Steps:
    """The mean step by display times, the longest by decoding times, which never jump back."""

    first_s: float = math.inf
    last_s: float = -math.inf
    count: int = 0
    decoded_s: float | None = None
    longest_s: float = 0.0

    def note(self, packet: "Packet[Any]", start_s: float) -> None:
        self.first_s, self.last_s = min(self.first_s, start_s), max(self.last_s, start_s)
        self.count += 1
        decoded_s = seconds(packet.dts, packet.stream)
        if decoded_s is not None and self.decoded_s is not None:
            self.longest_s = max(self.longest_s, decoded_s - self.decoded_s)
        self.decoded_s = decoded_s if decoded_s is not None else self.decoded_s

    @property
    def mean_s(self) -> float:
        return (self.last_s - self.first_s) / (self.count - 1) if self.count > 1 else 0.0

    @property
    def steady(self) -> bool:
        return self.decoded_s is not None and self.longest_s <= STEADY * self.mean_s
