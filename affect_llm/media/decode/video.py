"""Pictures at a rate, decoding as little between them as the file allows.

Between two samples the decoder jumps to the last keyframe before the next one when there is one;
otherwise it decodes on, leaving out the pictures that no other depends on. Both give the same
pictures as decoding everything.
"""

import bisect
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from affect_llm.media.decode.container import decode, open_file, packets, seconds, video_stream
from affect_llm.media.decode.job import Budget, Item, Refusal
from affect_llm.media.decode.orientation import display_turn, upright
from affect_llm.media.decode.scan import Scan, scan
from affect_llm.media.decode.still import exif_turn

SEEK_S = 4.0
"""Reading on past fewer seconds of packets is cheaper than repositioning the file."""
INDEXED = ("mov", "matroska")
"""Formats whose index makes a seek exact; in others the packets up to a keyframe are skipped."""


def frames(
    path: str, rate_hz: float, origin_s: float, picture: bool, budget: Budget
) -> Iterator[Item]:
    """Items `{time_s, shape}` with RGB bytes, times strictly rising, 0 at `origin_s`."""
    scanned = Scan() if picture else scan(path, budget)
    with open_file(path, budget) as container:
        stream = video_stream(container)
        if stream is None:
            raise Refusal("has no picture stream.")
        walk = _Walk(container, stream, scanned, rate_hz, origin_s, budget)
        turn, scaler = exif_turn(path), VideoReformatter()
        for count, (time_s, frame) in enumerate(walk.samples()):
            if count == 0:
                turn = turn or display_turn(frame)
            ratio = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
            if not ratio or not 0.1 < ratio < 10:  # headers hold nonsense at times
                ratio = Fraction(1)
            image = upright(frame, scaler, float(ratio), turn)
            yield {"time_s": time_s, "shape": image.shape}, image.tobytes()
            if picture:
                return


class _Walk:
    """One pass through the picture stream."""

    def __init__(
        self,
        container: InputContainer,
        stream: VideoStream,
        scanned: Scan,
        rate_hz: float,
        origin_s: float,
        budget: Budget,
    ) -> None:
        self._container, self._stream, self._budget = container, stream, budget
        self._rate_hz, self._origin_s = rate_hz, origin_s
        self._keyframes_s = [time - origin_s for time in scanned.keyframes_s]
        self._frame_s, self._steady = scanned.frame_s, scanned.steady
        self._early_s = min(scanned.frame_s, 1 / rate_hz) / 2  # the nearest frame, not the next
        self._goal_s = 0.0
        self._fed_s = -math.inf
        self._resume_s = -math.inf
        self._seeks = any(name in container.format.name for name in INDEXED)
        keys = self._keyframes_s
        hops = len(keys) > 1 and rate_hz * ((keys[-1] - keys[0]) / (len(keys) - 1)) < 1
        stream.codec_context.thread_type = "SLICE" if hops else "AUTO"

    def samples(self) -> Iterator[tuple[float, VideoFrame]]:
        """The frames that were asked for, with their times."""
        last_s = -math.inf
        for packet in packets(self._container, self._stream):
            self._budget.alive()
            for frame in self._decode(packet):
                self._budget.spend_frame(frame.width, frame.height)
                time_s = self._time(frame, last_s)
                self._budget.check_time(time_s)
                if time_s <= last_s or time_s < self._goal_s - self._early_s:
                    continue
                last_s = time_s
                yield max(0.0, time_s), frame
                self._advance(time_s)

    def _advance(self, time_s: float) -> None:
        """Set the next goal, and jump if a keyframe lies between here and there."""
        steps = math.floor((time_s + self._early_s) * self._rate_hz + 1e-9) + 1
        self._goal_s = steps / self._rate_hz
        first = self._goal_s - self._early_s
        index = bisect.bisect_right(self._keyframes_s, first + 1e-6) - 1
        if index < 0 or self._keyframes_s[index] <= max(self._fed_s, self._resume_s) + 1e-6:
            return
        self._resume_s = self._keyframes_s[index]
        if self._seeks and self._resume_s - self._fed_s > SEEK_S:
            offset = math.floor((self._resume_s + self._origin_s + 1e-3) * av.time_base)
            self._container.seek(offset)

    def _decode(self, packet: "Packet[Any]") -> list[VideoFrame]:
        """Frames of a packet, none for one that is left out."""
        stamp = packet.pts if packet.pts is not None else packet.dts
        time_s = seconds(stamp, self._stream)
        if time_s is not None:
            time_s -= self._origin_s
            skippable = time_s > self._fed_s or not packet.is_keyframe
            if time_s < self._resume_s - 1e-6 and skippable:
                return []  # it lies before the keyframe at which decoding goes on
            self._fed_s = max(self._fed_s, time_s)
            self._stream.codec_context.skip_frame = "NONREF" if self._idle(time_s) else "DEFAULT"
        return [frame for frame in decode(packet) if isinstance(frame, VideoFrame)]

    def _idle(self, time_s: float) -> bool:
        """Whether a frame at `time_s` can be no sample of a stream with a steady rate."""
        if not self._steady or self._frame_s <= 0:
            return False
        past_s = (time_s + self._early_s) % (1 / self._rate_hz)
        return self._frame_s * 1.2 < past_s < 1 / self._rate_hz - self._frame_s * 0.2

    def _time(self, frame: VideoFrame, last_s: float) -> float:
        time_s = seconds(frame.pts, self._stream)
        if time_s is None:
            return 0.0 if math.isinf(last_s) else last_s + (self._frame_s or 1 / self._rate_hz)
        return time_s - self._origin_s
