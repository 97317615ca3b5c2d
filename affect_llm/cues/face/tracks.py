"""Keeps faces apart over time: the same person keeps the same id while in view.

Source: assignment after Kuhn 1955 (Hungarian method) over predicted places, as in Bewley et al.
2016 (SORT), with a constant velocity in place of the Kalman filter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.crops import Square

_KEPT_S = 2.0
"""A face out of sight for longer gets a new id when it returns."""
_REACH = 1.0
"""Farthest jump from the predicted centre, in sides of the face."""
_SIZE_CHANGE = 2.0
"""Largest ratio of a face's sizes in two sightings that may be one person."""
_TOO_FAR = 1e6
"""Cost of a match that must not be; above any sum of real ones."""
_SMOOTHING = 0.5
"""Weight of the newest step in the velocity."""


@dataclass(slots=True)
class _Track:
    person: str
    square: Square
    time_s: float
    velocity: tuple[float, float] = (0.0, 0.0)

    def expected(self, time_s: float) -> Square:
        gap = time_s - self.time_s
        return Square(
            self.square.centre_x + self.velocity[0] * gap,
            self.square.centre_y + self.velocity[1] * gap,
            self.square.side,
        )

    def follow(self, square: Square, time_s: float) -> None:
        gap = max(time_s - self.time_s, 1e-6)
        step_x = (square.centre_x - self.square.centre_x) / gap
        step_y = (square.centre_y - self.square.centre_y) / gap
        self.velocity = (
            _SMOOTHING * step_x + (1 - _SMOOTHING) * self.velocity[0],
            _SMOOTHING * step_y + (1 - _SMOOTHING) * self.velocity[1],
        )
        self.square, self.time_s = square, time_s


class Tracker:
    """Gives every face a person's id, "P1" for the first one seen."""

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._count = 0

    def update(self, time_s: float, squares: Sequence[Square]) -> list[str]:
        """Ids for the faces of one frame, in their order; frames come in time order."""
        self._tracks = [t for t in self._tracks if time_s - t.time_s <= _KEPT_S]
        places = [track.expected(time_s) for track in self._tracks]
        costs = np.array([[_cost(square, place) for place in places] for square in squares])
        matched = {
            row: self._tracks[column]
            for row, column in (_assignment(costs) if costs.size else ())
            if costs[row, column] < _TOO_FAR
        }
        people: list[str] = []
        for row, square in enumerate(squares):
            track = matched.get(row)
            if track is None:
                self._count += 1
                track = _Track(f"P{self._count}", square, time_s)
                self._tracks.append(track)
            else:
                track.follow(square, time_s)
            people.append(track.person)
        return people


def _assignment(costs: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The pairs of row and column whose costs sum lowest, each row and column once."""
    if 1 in costs.shape:  # one person needs no optimiser, whose import takes half a second
        row, column = np.unravel_index(int(costs.argmin()), costs.shape)
        return [(int(row), int(column))]
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(costs)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]


def _cost(square: Square, place: Square) -> float:
    """Distance in sides plus lost overlap; out of reach where it cannot be the same face."""
    size = (square.side + place.side) / 2
    distance = float(
        np.hypot(square.centre_x - place.centre_x, square.centre_y - place.centre_y) / size
    )
    ratio = max(square.side, place.side) / min(square.side, place.side)
    if distance > _REACH or ratio > _SIZE_CHANGE:
        return _TOO_FAR
    return distance + 1 - square.overlap(place)
