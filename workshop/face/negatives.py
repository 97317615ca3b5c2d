"""Crops that are no faces: pieces of real pictures, textures, shuffled and misplaced faces."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from affect_llm.cues.face.layout import CROP_SIDE

Grey = NDArray[np.uint8]
_SIDE = CROP_SIDE
FACELESS_VIDEO = "video/pyfeat/no_face.mp4"


def make_negatives(faces: Grey, pictures: list[Grey], count: int, generator: Generator) -> Grey:
    """`count` crops (count, 48, 48) uint8.

    Args:
        faces: (N, 48, 48) faces to spoil.
        pictures: grey pictures (H, W) that show no face, at least 48 pixels each way.
        count: how many.
        generator: source of chance.
    """
    makers: list[Callable[[], Grey]] = [
        lambda: _piece(pictures[generator.integers(len(pictures))], generator),
        lambda: _piece(pictures[generator.integers(len(pictures))], generator),
        lambda: _shuffled(faces[generator.integers(len(faces))], generator),
        lambda: _misplaced(faces[generator.integers(len(faces))], generator),
        lambda: _cloud(generator),
        lambda: _landscape(generator),
        lambda: _stripes(generator),
        lambda: _flat(generator),
    ]
    return np.stack([makers[i % len(makers)]() for i in range(count)])


def faceless_pictures(data: Path) -> list[Grey]:
    """Grey pictures without a face: frames of the kit's faceless video, two library photos."""
    import av
    from sklearn.datasets import load_sample_images

    with av.open(str(data / FACELESS_VIDEO)) as container:
        frames = [
            np.asarray(frame.to_ndarray(format="gray"), dtype=np.uint8)
            for frame in container.decode(video=0)
        ]
    photos = [
        np.asarray(Image.fromarray(photo).convert("L")) for photo in load_sample_images().images
    ]
    return [*frames[:: max(1, len(frames) // 20)], *photos]


def _piece(picture: Grey, generator: Generator) -> Grey:
    least = min(picture.shape)
    side = int(least * np.exp(generator.uniform(np.log(max(24 / least, 0.05)), 0)))
    top = generator.integers(picture.shape[0] - side + 1)
    left = generator.integers(picture.shape[1] - side + 1)
    return _resized(picture[top : top + side, left : left + side])


def _shuffled(face: Grey, generator: Generator) -> Grey:
    size = int(generator.choice([12, 16, 24]))
    parts = _SIDE // size
    tiles = face.reshape(parts, size, parts, size).swapaxes(1, 2).reshape(-1, size, size)
    order = generator.permutation(len(tiles))
    while np.array_equal(order, np.arange(len(tiles))):
        order = generator.permutation(len(tiles))
    return tiles[order].reshape(parts, parts, size, size).swapaxes(1, 2).reshape(_SIDE, _SIDE)


def _misplaced(face: Grey, generator: Generator) -> Grey:
    """A face upside down, a corner of one, or one far too small for the crop."""
    kind = generator.integers(3)
    if kind == 0:
        return face[::-1].copy()
    if kind == 1:
        top, left = generator.choice([0, 28], 2)
        return _resized(face[top : top + 20, left : left + 20])
    canvas = _cloud(generator)
    small = np.asarray(Image.fromarray(face).resize((16, 16)))
    top, left = generator.integers(0, 32, 2)
    canvas[top : top + 16, left : left + 16] = small
    return canvas


def _cloud(generator: Generator) -> Grey:
    """Noise with a power spectrum of 1 / f^slope: from white noise to smooth clouds."""
    slope = generator.uniform(0, 2.5)
    distance = np.hypot(np.fft.fftfreq(_SIDE)[:, None], np.fft.fftfreq(_SIDE)[None])
    distance[0, 0] = 1.0
    spectrum = np.fft.fft2(generator.standard_normal((_SIDE, _SIDE))) / distance**slope
    field = np.fft.ifft2(spectrum).real
    return _scaled(field, generator)


def _landscape(generator: Generator) -> Grey:
    """Sky over ground, a wavy horizon, perhaps a sun and upright trunks."""
    y, x = np.mgrid[0:_SIDE, 0:_SIDE] / _SIDE
    horizon = generator.uniform(0.2, 0.8) + generator.uniform(0, 0.2) * np.sin(
        x * generator.uniform(2, 20) + generator.uniform(0, 6)
    )
    field = np.where(y < horizon, 1 - y * generator.uniform(0, 1), y * generator.uniform(0, 0.6))
    centre, radius = generator.uniform(0, 1, 2), generator.uniform(0.02, 0.2)
    field = np.where(np.hypot(y - centre[0], x - centre[1]) < radius, generator.uniform(), field)
    for _ in range(generator.integers(4)):
        left, width = generator.uniform(), generator.uniform(0.02, 0.15)
        field = np.where((x > left) & (x < left + width), generator.uniform(), field)
    return _scaled(field + generator.normal(0, 0.05, field.shape), generator)


def _stripes(generator: Generator) -> Grey:
    y, x = np.mgrid[0:_SIDE, 0:_SIDE] / _SIDE
    angle, rate = generator.uniform(0, np.pi), generator.uniform(2, 60)
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * rate)
    if generator.random() < 0.5:
        wave = wave * np.sin((y * np.cos(angle) - x * np.sin(angle)) * rate)
    return _scaled(wave + generator.normal(0, 0.1, wave.shape), generator)


def _flat(generator: Generator) -> Grey:
    y, x = np.mgrid[0:_SIDE, 0:_SIDE] / _SIDE
    slope = generator.uniform(-1, 1, 2) * generator.choice([0.0, 60.0])
    field = generator.uniform(0, 255) + slope[0] * x + slope[1] * y
    noisy = field + generator.normal(0, generator.uniform(0, 4), x.shape)
    return np.asarray(np.clip(noisy, 0, 255), dtype=np.uint8)


def _scaled(field: NDArray[np.float64], generator: Generator) -> Grey:
    low, high = np.sort(generator.uniform(0, 255, 2))
    spread = max(float(field.max() - field.min()), 1e-6)
    level = low + (field - field.min()) / spread * (high - low)
    return np.asarray(level, dtype=np.uint8)


def _resized(picture: Grey) -> Grey:
    small = Image.fromarray(picture).resize((_SIDE, _SIDE), Image.Resampling.BILINEAR)
    return np.asarray(small)
