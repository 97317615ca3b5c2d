"""Seeded damage to files: bytes flipped, ends cut off, parts moved, doubled and mixed."""

import random
from collections.abc import Callable

Damage = Callable[[bytearray, random.Random], bytearray]


def flipped(data: bytearray, rng: random.Random) -> bytearray:
    """A few bytes changed anywhere."""
    for _ in range(rng.choice((1, 4, 32, 256))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return data


def flipped_in_the_header(data: bytearray, rng: random.Random) -> bytearray:
    """A few bytes changed among the first two thousand, where sizes and counts stand."""
    for _ in range(rng.choice((1, 2, 8))):
        data[rng.randrange(min(len(data), 2000))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF))
    return data


def cut(data: bytearray, rng: random.Random) -> bytearray:
    """The end is missing."""
    return data[: rng.randrange(1, len(data))]


def spliced(data: bytearray, rng: random.Random) -> bytearray:
    """A part is taken out, or put in again somewhere else."""
    start, end = sorted(rng.sample(range(len(data)), 2))
    at = rng.randrange(len(data))
    kept = data[:start] + data[end:] if rng.random() < 0.5 else data
    return kept[:at] + data[start:end] + kept[at:]


def blanked(data: bytearray, rng: random.Random) -> bytearray:
    """A part is zeros."""
    start, end = sorted(rng.sample(range(len(data)), 2))
    return data[:start] + bytes(end - start) + data[end:]


DAMAGES: tuple[Damage, ...] = (flipped, flipped_in_the_header, cut, spliced, blanked)


def damaged(whole: bytes, seed: int) -> bytes:
    """`whole` with one or two kinds of damage, the same for the same seed; never empty."""
    rng = random.Random(seed)
    data = bytearray(whole)
    for damage in rng.sample(DAMAGES, rng.choice((1, 1, 2))):
        data = damage(data, rng) or bytearray(b"\0")
    return bytes(data)
