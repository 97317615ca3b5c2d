"""Framing of what the decoding process and its owner say to each other.

A message is a small JSON object and an optional block of raw bytes, each preceded by its length.
"""

import json
import struct
from typing import IO, Any

_LENGTHS = struct.Struct(">IQ")

Header = dict[str, Any]


def send(pipe: IO[bytes], header: Header, payload: bytes = b"") -> None:
    """Write one message to the pipe and flush it."""
    text = json.dumps(header).encode()
    pipe.write(_LENGTHS.pack(len(text), len(payload)) + text)
    pipe.write(payload)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[Header, bytearray] | None:
    """Read one message; None when the other end has gone."""
    lengths = _exactly(pipe, _LENGTHS.size)
    if lengths is None:
        return None
    text_bytes, payload_bytes = _LENGTHS.unpack(lengths)
    text = _exactly(pipe, text_bytes)
    payload = _exactly(pipe, payload_bytes)
    if text is None or payload is None:
        return None
    header: Header = json.loads(text)
    return header, payload


def _exactly(pipe: IO[bytes], count: int) -> bytearray | None:
    block = bytearray(count)
    view, have = memoryview(block), 0
    while have < count:
        got: int | None = pipe.readinto(view[have:])  # type: ignore[attr-defined]
        if not got:
            return None
        have += got
    return block
