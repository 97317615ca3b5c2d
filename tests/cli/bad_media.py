"""Files that lie, are damaged, or hold nothing, made from the example clip and from scratch."""

import struct
import wave
import zlib
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

DEMO = Path(__file__).parents[2] / "examples" / "demo.mp4"
RATE_HZ = 16_000
TONE = 0.3 * np.sin(np.arange(2 * RATE_HZ) * (2 * np.pi * 440 / RATE_HZ))


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG whose header claims a size; `rows` is what is compressed in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def hundred_megapixels() -> bytes:
    """A true picture of 10000 x 10000 pixels in a few hundred kilobytes."""
    packer = zlib.compressobj(1)
    row = b"\0" + b"\x80" * 30_000
    return png(
        10_000, 10_000, b"".join(packer.compress(row) for _ in range(10_000)) + packer.flush()
    )


def patched(data: bytes, box: bytes, offset: int, value: bytes) -> bytes:
    """`data` with `value` written `offset` bytes after the first `box`."""
    at = data.index(box) + len(box) + offset
    return data[:at] + value + data[at + len(value) :]


def wav(path: Path, samples: NDArray[np.float64]) -> bytes:
    """Write mono 16-bit sound and give its bytes."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
    return path.read_bytes()


def film(path: Path, image: NDArray[np.uint8], sound: NDArray[np.float64] | None = None) -> None:
    """Two seconds of one picture, with sound or without a stream of it."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=10)
        video.height, video.width = image.shape[:2]
        video.pix_fmt = "yuv420p"
        audio = None if sound is None else out.add_stream("aac", rate=RATE_HZ)
        for picture in (*[av.VideoFrame.from_ndarray(image, "rgb24")] * 20, None):
            out.mux(video.encode(picture))
        if audio is not None and sound is not None:
            frame = av.AudioFrame.from_ndarray(sound[None].astype(np.float32), "fltp", "mono")
            frame.rate, frame.pts = RATE_HZ, 0
            out.mux(audio.encode(frame))
            out.mux(audio.encode(None))


def refused() -> Iterator[tuple[str, bytes, str]]:
    """(name, bytes, part of the sentence) of files that cannot be explained."""
    data = DEMO.read_bytes()
    yield "text.mp4", b"this is not a film\n" * 500, "is not audio, video or a picture"
    yield "noise.mp4", np.random.default_rng(0).bytes(100_000), "is not audio, video or a picture"
    yield "zeros.mkv", b"\0" * 100_000, "is not audio, video or a picture"
    yield "paper.wav", b"%PDF-1.4\n" + b"x" * 4000, "is not audio, video or a picture"
    yield "empty.mp4", b"", "is empty"
    yield "cut01.mp4", data[: len(data) // 100], "is not audio, video or a picture"
    yield "cut05.mp4", data[: len(data) // 20], "holds nothing that decodes"
    yield "damaged.png", png(64, 64, b"garbage"), "holds nothing that decodes"
    yield "large.png", hundred_megapixels(), "10000 x 10000 pixels"
    yield "lying.png", png(10_000, 10_000, zlib.compress(b"\0" * 300)), "10000 x 10000 pixels"
    yield "endless.png", png(2**31 - 1, 2**31 - 1, zlib.compress(b"\0")), "pixels are allowed"
    yield "blank.txt", b"  \n", "holds no words"
    yield "binary.txt", bytes(range(256)) * 10, "is not text"
    yield "wordless.srt", b"hello\n", "holds no words"
