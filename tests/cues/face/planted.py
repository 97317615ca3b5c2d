"""Faces and clips made by hand for the tests of this folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.crops import Square
from affect_llm.cues.face.layout import EXPRESSIONS, TAUGHT_UNITS
from affect_llm.cues.face.sightings import SeenFace
from affect_llm.types import AudioWindow, Clip, Frame, Modality


def face(
    expression: str = "neutral",
    units: dict[str, float] | None = None,
    x: float = 100.0,
    gaze: float | None = 0.0,
) -> SeenFace:
    probabilities = np.full(len(EXPRESSIONS), 0.05)
    probabilities[EXPRESSIONS.index(expression)] = 0.7
    shown = units or {}
    return SeenFace(
        square=Square(x, 100.0, 80.0),
        detection=0.9,
        expressions=probabilities,
        units=np.array([shown.get(unit, 0.0) for unit in TAUGHT_UNITS]),
        pose_deg=(1.0, -2.0, 3.0),
        gaze=gaze,
    )


@dataclass(frozen=True)
class Script:
    """A finder that says what it was told: the frame's first pixel is its number."""

    shown: Callable[[int], list[SeenFace]]
    provenance: str = "face.script@1#none"
    tells_eyes: bool = True

    def find(self, image: NDArray[np.uint8], thorough: bool) -> list[SeenFace]:
        return self.shown(int(image[0, 0, 0]))


@dataclass(frozen=True)
class Pictures:
    """A source of `count` frames; `level` is the grey of all but the first pixel."""

    count: int
    level: int = 128

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        for number in range(self.count):
            image = np.full((4, 4, 3), self.level, np.uint8)
            image[0, 0] = number
            yield Frame(number / rate_hz, image)

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        return iter(())


@dataclass(frozen=True)
class Still:
    """A source of one picture."""

    image: NDArray[np.uint8]

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        yield Frame(0.0, self.image)

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        return iter(())


def clip_of(source: Pictures | Still | None, duration_s: float) -> Clip:
    modalities = frozenset({Modality.VISUAL} if source else {Modality.AUDIO})
    return Clip("c" * 64, "planted", duration_s, modalities, source=source)
