"""A face in one frame, a person's sightings in a window, and when a value of them was high."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.crops import Square
from affect_llm.types import TimeSpan

Numbers = NDArray[np.float64]
_NEIGHBOUR_STEPS = 2.5
"""Sightings further apart than this many steps are no neighbours; one or two frames in which
the detector missed the face do not break a run."""


@dataclass(frozen=True, slots=True)
class SeenFace:
    """A face that was seen in a frame, and what it shows.

    Args:
        square: where, in pixels.
        detection: probability that it is a face, 0 to 1.
        expressions: (7,) calibrated probabilities, order of `layout.EXPRESSIONS`.
        units: (18,) intensities 0 to 5, order of `layout.TAUGHT_UNITS`.
        pose_deg: yaw, pitch, roll as in `layout.POSE`.
        gaze: how far the eyes are turned, 0 to 1 of their range; None if it cannot be told.
    """

    square: Square
    detection: float
    expressions: NDArray[np.float64]
    units: NDArray[np.float64]
    pose_deg: tuple[float, float, float]
    gaze: float | None


class FaceFinder(Protocol):
    """Finds and reads the faces of one picture."""

    provenance: str
    tells_eyes: bool
    """Whether this finder can tell gaze and blinks."""

    def find(self, image: NDArray[np.uint8], thorough: bool) -> list[SeenFace]:
        """Faces of a (H, W, 3) uint8 RGB picture, the largest first.

        `thorough` also looks for small faces beside large ones, at several times the cost.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sighting:
    """A face that was seen at a certain time of the clip."""

    time_s: float
    face: SeenFace


@dataclass(frozen=True, slots=True)
class Series:
    """All sightings of one person in one window.

    Args:
        sightings: in time order, at least one.
        frames: frames looked at in the window, with or without this person.
        step_s: time between frames.
    """

    person: str
    window: TimeSpan
    sightings: tuple[Sighting, ...]
    frames: int
    step_s: float

    @property
    def share(self) -> float:
        """Share of the window's frames in which the person is seen."""
        return len(self.sightings) / self.frames

    @property
    def confidence(self) -> float:
        """Mean probability of the detections times the share of frames."""
        detection = float(np.mean([s.face.detection for s in self.sightings]))
        return min(max(detection * self.share, 0.0), 1.0)

    @property
    def prominence(self) -> float:
        """Size of the face times the share of frames; the main person has the most."""
        return float(np.mean([s.face.square.side for s in self.sightings])) * self.share

    def span(self, first: int, last: int) -> TimeSpan:
        """From half a step before sighting `first` to half a step after `last`, in the window."""
        half = self.step_s / 2
        window = self.window
        start = min(max(self.sightings[first].time_s - half, window.start_s), window.end_s)
        end = min(self.sightings[last].time_s + half, window.end_s)
        return TimeSpan(start_s=start, end_s=max(start, end))

    def peak_run(self, values: Numbers, least: float) -> tuple[int, int]:
        """First and last sighting of the unbroken run at `least` or more around the peak."""
        peak = int(values.argmax())
        first = last = peak
        while first > 0 and values[first - 1] >= least and self._next_to(first - 1):
            first -= 1
        while last + 1 < len(values) and values[last + 1] >= least and self._next_to(last):
            last += 1
        return first, last

    def _next_to(self, index: int) -> bool:
        gap = self.sightings[index + 1].time_s - self.sightings[index].time_s
        return gap <= _NEIGHBOUR_STEPS * self.step_s


def steadied(values: Numbers) -> Numbers:
    """Median of each value and its two neighbours: one frame alone makes no peak."""
    if len(values) < 3:
        return values
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray(np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0))
