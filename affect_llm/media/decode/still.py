"""What the first bytes of a still picture say: its format, its size and which way is up.

JPEG markers: ITU-T T.81 annex B. Orientation: EXIF 2.32, tag 0x0112 in a TIFF directory.
PNG: W3C PNG 3rd edition 11.2.1. WebP: RFC 9649 sections 2.4 to 2.7.
"""

import struct
from collections.abc import Iterator

SIGNATURES = (
    (0, b"\xff\xd8\xff", "jpeg_pipe"),
    (0, b"\x89PNG\r\n\x1a\n", "png_pipe"),
    (8, b"WEBP", "webp_pipe"),
    (0, b"BM", "bmp_pipe"),
    (0, b"II*\x00", "tiff_pipe"),
    (0, b"MM\x00*", "tiff_pipe"),
    (0, b"qoif", "qoi_pipe"),
    (0, b"P4\n", "pbm_pipe"),
    (0, b"P5\n", "pgm_pipe"),
    (0, b"P6\n", "ppm_pipe"),
    (0, b"GIF8", "gif"),
)
"""(offset, bytes, demuxer): a picture's name would make FFmpeg look for a numbered series."""
_FRAME_MARKERS = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ORIENTATION = 0x0112
_MATRICES = {
    1: (1, 0, 0, 1),
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, 1, 1, 0),
    6: (0, 1, -1, 0),
    7: (0, -1, -1, 0),
    8: (0, -1, 1, 0),
}


def picture_format(path: str) -> str | None:
    """The demuxer for the picture at `path`, None when it is something else."""
    with open(path, "rb") as file:
        head = file.read(16)
    for offset, mark, name in SIGNATURES:
        if head[offset : offset + len(mark)] == mark:
            return name
    return None


def claimed_size(path: str) -> tuple[int, int] | None:
    """(width, height) in pixels by the header; None for formats that are not known here."""
    with open(path, "rb") as file:
        head = file.read(32).ljust(32, b"\0")
    if head.startswith(b"\x89PNG"):
        return struct.unpack(">II", head[16:24])
    if head.startswith(b"GIF8"):
        return struct.unpack("<HH", head[6:10])
    if head.startswith(b"BM"):
        width, height = struct.unpack("<ii", head[18:26])
        return abs(width), abs(height)
    if head[8:12] == b"WEBP":
        return _webp_size(head)
    for marker, body in _jpeg_segments(path):
        if marker in _FRAME_MARKERS and len(body) >= 5:
            height, width = struct.unpack(">HH", body[1:5])
            return width, height
    return None


def exif_turn(path: str) -> tuple[float, float, float, float] | None:
    """(a, b, c, d) of x' = a x + c y, y' = b x + d y that a JPEG's EXIF asks for, if any."""
    for marker, body in _jpeg_segments(path):
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            return _MATRICES.get(_orientation(body[6:]))
    return None


def _webp_size(head: bytes) -> tuple[int, int] | None:
    kind = head[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
        return width + 1, height + 1
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg_segments(path: str) -> Iterator[tuple[int, bytes]]:
    """Markers with their bodies, up to the compressed data."""
    with open(path, "rb") as file:
        if file.read(2) != b"\xff\xd8":
            return
        while len(head := file.read(4)) == 4 and head[0] == 0xFF:
            if head[1] in (0xDA, 0xD9):
                return
            (length,) = struct.unpack(">H", head[2:])
            yield head[1], file.read(max(0, length - 2))


def _orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    (at,) = struct.unpack(order + "I", tiff[4:8])
    if at + 2 > len(tiff):
        return 1
    (count,) = struct.unpack(order + "H", tiff[at : at + 2])
    for entry in range(at + 2, min(at + 2 + 12 * count, len(tiff) - 11), 12):
        tag, _, _, value = struct.unpack(order + "HHIH", tiff[entry : entry + 10])
        if tag == _ORIENTATION:
            return int(value)
    return 1
