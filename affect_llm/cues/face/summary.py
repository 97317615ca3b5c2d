"""A person's sightings in a window → face, gaze, head and blink measurements."""

import numpy as np

from affect_llm.cues.face.action_units import GAZE_AVERTED
from affect_llm.cues.face.layout import EXPRESSIONS, POSE, TAUGHT_UNITS
from affect_llm.cues.face.sightings import Series, steadied
from affect_llm.cues.measurement import measured
from affect_llm.types import Baseline, Measurement, TimeSpan

_LEAST_INTENSITY = 0.5
"""FACS intensity from which a unit counts as seen."""
_EYES = TAUGHT_UNITS.index("AU45")
_CLOSED = 2.5
"""AU45 intensity from which the eyes count as closed."""
_STRENGTH_PERCENTILE = 90
"""A unit is as strong as the upper end of its run, without its single highest frame."""
_BLINK_S = 0.2
"""How long a blink covers the eye (Caffier, Erdmann, Ullsperger 2003: 202 ms when alert)."""
_LEAST_BLINK_S = 5.0
"""Shortest observation that a blink rate is given for."""
BLINKING = Baseline(
    kind="norm",
    mean=21.5,
    sd=5.6,
    source="Doughty 2001: 10.5 to 32.5 blinks a minute in conversation, taken as mean ± 1.96 sd",
)


def measure(series: Series, source: str, eyes: bool) -> list[Measurement]:
    """All measurements of one person in one window, the most telling first.

    Args:
        series: what was seen.
        source: provenance of the extractor.
        eyes: whether gaze and blinks can be told.
    """
    summary = _Summary(series, source)
    always = [*summary.units(), *summary.expressions(), *summary.pose()]
    return [*always, *summary.gaze(), *summary.blinks()] if eyes else always


class _Summary:
    """One person in one window; its methods give the measurements of one sort each."""

    def __init__(self, series: Series, source: str) -> None:
        self._series, self._source = series, source
        self._faces = [sighting.face for sighting in series.sightings]
        self._whole = series.span(0, len(series.sightings) - 1)

    def units(self) -> list[Measurement]:
        """Action units that reach the least intensity, the strongest first."""
        table = np.stack([face.units for face in self._faces])
        rows: list[tuple[float, str, TimeSpan]] = []
        for column, unit in enumerate(TAUGHT_UNITS):
            values = steadied(table[:, column])
            if column == _EYES and np.median(values) < _CLOSED:
                continue  # passing blinks are counted, not shown as a lasting AU45
            peak = float(values.max())
            if peak < _LEAST_INTENSITY:
                continue
            first, last = self._series.peak_run(values, max(_LEAST_INTENSITY, peak / 2))
            strength = float(np.percentile(values[first : last + 1], _STRENGTH_PERCENTILE))
            rows.append((strength, unit, self._series.span(first, last)))
        return self._ordered(rows)

    def expressions(self) -> list[Measurement]:
        """Mean probability of every expression, the likeliest first."""
        table = np.stack([face.expressions for face in self._faces])
        rows: list[tuple[float, str, TimeSpan]] = []
        for column, expression in enumerate(EXPRESSIONS):
            values = steadied(table[:, column])
            mean = float(table[:, column].mean())
            first, last = self._series.peak_run(values, max(mean, float(values.max()) / 2))
            rows.append((mean, f"face.{expression}", self._series.span(first, last)))
        return self._ordered(rows)

    def pose(self) -> list[Measurement]:
        """Median yaw, pitch and roll of the head."""
        middle = np.median(np.array([face.pose_deg for face in self._faces]), axis=0)
        return [self._made(name, float(middle[i]), self._whole) for i, name in enumerate(POSE)]

    def gaze(self) -> list[Measurement]:
        """Share of the sightings with the eyes turned away."""
        turned = [face.gaze for face in self._faces if face.gaze is not None]
        if not turned:
            return []
        share = float(np.mean([turn > GAZE_AVERTED for turn in turned]))
        return [self._made("gaze.averted", share, self._whole)]

    def blinks(self) -> list[Measurement]:
        """Closures per minute; frames further apart than a blink lasts miss some of them."""
        step_s = self._series.step_s
        if len(self._faces) * step_s < _LEAST_BLINK_S:
            return []
        closed = np.array([face.units[_EYES] >= _CLOSED for face in self._faces])
        begun = int(np.sum(closed[1:] & ~closed[:-1])) + int(closed[0])
        caught = min(1.0, _BLINK_S / step_s)
        rate = begun / caught * 60 / (len(closed) * step_s)
        return [self._made("blink.rate", rate, self._whole, BLINKING)]

    def _ordered(self, rows: list[tuple[float, str, TimeSpan]]) -> list[Measurement]:
        made = [self._made(name, value, span) for value, name, span in rows]
        return sorted(made, key=lambda m: float(m.value), reverse=True)

    def _made(
        self, name: str, value: float, span: TimeSpan, baseline: Baseline | None = None
    ) -> Measurement:
        confidence, person = round(self._series.confidence, 3), self._series.person
        return measured(
            name, round(value, 3), span, confidence, self._source, baseline=baseline, person=person
        )
