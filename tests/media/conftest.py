"""Media written for the tests: pictures that carry their number, sound that clicks on time."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from affect_llm.config import MediaLimits
from affect_llm.media.pool import POOL

BITS = 10
ASS_HEADER = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour
Style: Default,Arial,16,&Hffffff

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True)
class Sound:
    """`duration_s` of silence from `start_s` on, with a click at `click_s` unless negative."""

    duration_s: float = 2.0
    rate_hz: int = 44_100
    layout: str = "stereo"
    codec: str = "pcm_s16le"
    sample_format: str = "s16"
    click_s: float = 1.25
    start_s: float = 0.0


class Studio:
    """Writes small files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def numbered(self, number: int, size: tuple[int, int] = (160, 96)) -> NDArray[np.uint8]:
        """A picture whose upper half shows `number` in binary, left to right from the low bit."""
        width, height = size
        image = np.full((height, width, 3), 128, np.uint8)
        for bit in range(BITS):
            columns = slice(bit * width // BITS, (bit + 1) * width // BITS)
            image[: height // 2, columns] = 235 if number >> bit & 1 else 20
        return image

    def number(self, image: NDArray[np.uint8]) -> int:
        """Inverse of `numbered`."""
        height, width = image.shape[:2]
        row = image[height // 4].mean(axis=-1)
        return sum((row[round((bit + 0.5) * width / BITS)] > 128) << bit for bit in range(BITS))

    def film(
        self,
        name: str,
        times_s: Sequence[float],
        *,
        sound: Sound | None = None,
        options: dict[str, str] | None = None,
        size: tuple[int, int] = (160, 96),
        black: bool = False,
        aspect: Fraction | None = None,
    ) -> Path:
        """H.264 with picture i shown at `times_s[i]`, and AAC or PCM sound."""
        path = self.folder / name
        with av.open(str(path), "w", options={"avoid_negative_ts": "disabled"}) as out:
            video = out.add_stream("libx264", rate=1000, options=options or {"g": "12", "bf": "2"})
            video.width, video.height, video.pix_fmt = *size, "yuv420p"
            video.codec_context.time_base = Fraction(1, 1000)
            if aspect is not None:
                video.codec_context.sample_aspect_ratio = aspect
            audio = self._audio_stream(out, sound) if sound else None
            for number, time_s in enumerate(times_s):
                image = self.numbered(number, size) * (not black)
                frame = av.VideoFrame.from_ndarray(image.astype(np.uint8), "rgb24")
                frame.pts, frame.time_base = round(time_s * 1000), Fraction(1, 1000)
                out.mux(video.encode(frame))
            out.mux(video.encode(None))
            if sound and audio:
                self._write_sound(out, audio, sound)
        return path

    def sound(self, name: str, sound: Sound) -> Path:
        """A recording."""
        path = self.folder / name
        with av.open(str(path), "w", options={"avoid_negative_ts": "disabled"}) as out:
            self._write_sound(out, self._audio_stream(out, sound), sound)
        return path

    def broken_sound(self, name: str, parts: Sequence[Sound]) -> Path:
        """A recording whose parts leave gaps between their timestamps."""
        path = self.folder / name
        with av.open(str(path), "w", options={"avoid_negative_ts": "disabled"}) as out:
            stream = self._audio_stream(out, parts[0])
            for part in parts:
                self._frames_of(out, stream, part)
            out.mux(stream.encode(None))
        return path

    def with_subtitles(
        self, name: str, codec: str, cues: Sequence[tuple[str, float, float]]
    ) -> Path:
        """Three seconds of film with a stream of subtitles."""
        path = self.folder / name
        film = self.film("plain.mkv", [i / 25 for i in range(75)], options={"bf": "0"})
        with av.open(str(film)) as source, av.open(str(path), "w") as out:
            video = out.add_stream_from_template(source.streams.video[0])
            words = out.add_stream(codec)
            words.time_base = Fraction(1, 1000)
            words.codec_context.subtitle_header = ASS_HEADER
            packets = [p for p in source.demux(video=0) if p.dts is not None]
            for packet in packets:
                packet.stream = video
            for text, start_s, end_s in cues:
                raw = text.encode()
                data = struct.pack(">H", len(raw)) + raw if codec == "mov_text" else raw
                packet = av.Packet(data)
                packet.stream, packet.time_base = words, Fraction(1, 1000)
                packet.pts = packet.dts = round(start_s * 1000)
                packet.duration = round((end_s - start_s) * 1000)
                packets.append(packet)
            out.mux(sorted(packets, key=lambda p: float(p.dts * p.time_base)))
        return path

    def _audio_stream(self, out, sound: Sound):
        stream = out.add_stream(sound.codec, rate=sound.rate_hz)
        stream.codec_context.layout = sound.layout
        stream.codec_context.format = sound.sample_format
        return stream

    def _write_sound(self, out, stream, sound: Sound) -> None:
        self._frames_of(out, stream, sound)
        out.mux(stream.encode(None))

    def _frames_of(self, out, stream, sound: Sound) -> None:
        packed = sound.sample_format.removesuffix("p")
        kinds = {
            "u8": (np.uint8, 128, 100),
            "s16": (np.int16, 0, 2**14),
            "flt": (np.float32, 0, 0.5),
        }
        kind, zero, loud = kinds.get(packed, (np.int32, 0, 2**30))
        channels = av.AudioLayout(sound.layout).nb_channels
        samples = np.full((round(sound.duration_s * sound.rate_hz), channels), zero, kind)
        if sound.click_s >= 0:
            at = round(sound.click_s * sound.rate_hz)
            samples[at : at + max(1, sound.rate_hz // 4000)] = zero + loud
        first = round(sound.start_s * sound.rate_hz)
        for begin in range(0, len(samples), 1024):
            block = samples[begin : begin + 1024]
            planar = sound.sample_format.endswith("p")
            data = block.T if planar else block.reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(data), sound.sample_format, sound.layout
            )
            frame.rate, frame.pts = sound.rate_hz, first + begin
            frame.time_base = Fraction(1, sound.rate_hz)
            out.mux(stream.encode(frame))


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


@pytest.fixture
def limits() -> MediaLimits:
    return MediaLimits(timeout_s=20)


@pytest.fixture(scope="session", autouse=True)
def _no_process_left() -> Iterator[None]:
    yield
    POOL.close()


@pytest.fixture
def sound_kind() -> type[Sound]:
    return Sound
