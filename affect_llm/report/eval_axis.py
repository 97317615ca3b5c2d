"""Where numbers lie on an axis, in percent of its length."""

from collections.abc import Iterable
from dataclasses import dataclass

from affect_llm.report.eval_content import MetricRow

_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000)
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high`, low < high."""

    low: float
    high: float

    def percent(self, value: float) -> float:
        """0 to 100; what lies outside is put on the edge."""
        share = (value - self.low) / (self.high - self.low)
        return 100 * min(1.0, max(0.0, share))

    @property
    def ticks(self) -> list[float]:
        """A handful of round numbers from low to high."""
        span = self.high - self.low
        step = next((s for s in _STEPS if span / s <= _MOST_TICKS), span)
        count = int(span / step + 1e-9)
        return [self.low + k * step for k in range(count + 1)]


def axis_for(rows: Iterable[MetricRow]) -> Axis:
    """0 to 1 where that holds everything, from -1 where something is negative, else further."""
    seen = [0.0, 1.0]
    for row in rows:
        seen += [v for v in (row.value, *row.baselines.values(), *(row.interval or ())) if v]
    return Axis(_floor(min(seen)), ceiling(max(seen)))


def _floor(value: float) -> float:
    return 0.0 if value >= 0 else -ceiling(-value)


def ceiling(value: float) -> float:
    """At least 1: the next of 1, 2, 5, 10, 20 … that is at least `value`."""
    size = 1.0
    while True:
        for digit in (1, 2, 5):
            if digit * size >= value:
                return digit * size
        size *= 10
