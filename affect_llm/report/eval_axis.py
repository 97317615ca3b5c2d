"""Where numbers lie on an axis, in percent of its length."""

from collections.abc import Iterable
from dataclasses import dataclass

from affect_llm.report.eval_content import MetricRow

_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000)
_MOST_TICKS = 6
"""More numbers than this touch one another on a narrow page."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high`, low < high."""

    low: float
    high: float

    def percent(self, value: float) -> float:
        """0 to 100; what lies outside is put on the edge."""
        share = (value - self.low) / (self.high - self.low)
        return 100 * min(1.0, max(0.0, share))

    def place(self, value: float) -> str:
        """The percentage as SVG takes it: "12.50%"."""
        return f"{self.percent(value):.2f}%"

    @property
    def ticks(self) -> list[float]:
        """A handful of round numbers from low to high."""
        span = self.high - self.low
        step = next((s for s in _STEPS if span / s <= _MOST_TICKS), span)
        # A step that fits in up to rounding still counts.
        count = int(span / step + 1e-9)
        return [self.low + k * step for k in range(count + 1)]


def axis_for(rows: Iterable[MetricRow]) -> Axis:
    """0 to 1 where that holds everything, from -1 where something is negative, else further."""
    values = [0.0, 1.0, *(value for row in rows for value in row.values)]
    low = min(values)
    return Axis(0.0 if low >= 0 else -ceiling(-low), ceiling(max(values)))


def ceiling(value: float) -> float:
    """At least 1: the next of 1, 2, 5, 10, 20 … that is at least `value`."""
    size = 1.0
    while True:
        for digit in (1, 2, 5):
            if digit * size >= value:
                return digit * size
        size *= 10
