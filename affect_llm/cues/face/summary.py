"""A person's sightings in a window → face, gaze, head and blink measurements."""

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.catalogue import kind_of
from affect_llm.cues.face.action_units import GAZE_AVERTED
from affect_llm.cues.face.layout import EXPRESSIONS, POSE, TAUGHT_UNITS
from affect_llm.cues.face.series import Series, steadied
from affect_llm.types import Baseline, Measurement, TimeSpan

_LEAST_INTENSITY = 0.5
"""FACS intensity from which a unit counts as seen."""
_EYES = TAUGHT_UNITS.index("AU45")
_CLOSED = 2.5
"""AU45 intensity from which the eyes count as closed."""
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
    writer = _Writer(series, source)
    found = [*_units(series, writer), *_expressions(series, writer), *_pose(series, writer)]
    if eyes:
        found += [*_gaze(series, writer), *_blinks(series, writer)]
    return found


class _Writer:
    """Fills in what all measurements of a person in a window share."""

    def __init__(self, series: Series, source: str) -> None:
        self._series = series
        self._source = source

    def __call__(
        self, name: str, value: float, span: TimeSpan, baseline: Baseline | None = None
    ) -> Measurement:
        kind = kind_of(name)
        return Measurement(
            modality=kind.modality,
            family=kind.family,
            name=name,
            value=round(value, 3),
            unit=kind.unit,
            span=span,
            confidence=round(self._series.confidence, 3),
            baseline=baseline,
            person=self._series.person,
            source=self._source,
        )


def _units(series: Series, writer: _Writer) -> list[Measurement]:
    table = np.stack([sighting.face.units for sighting in series.sightings])
    found: list[Measurement] = []
    for column, unit in enumerate(TAUGHT_UNITS):
        values = steadied(table[:, column])
        if column == _EYES and np.median(values) < _CLOSED:
            continue  # passing blinks are counted, not shown as a lasting AU45
        peak = float(values.max())
        if peak < _LEAST_INTENSITY:
            continue
        first, last = series.peak_run(values, max(_LEAST_INTENSITY, peak / 2))
        strength = float(np.percentile(values[first : last + 1], 90))
        found.append(writer(unit, strength, series.span(first, last)))
    return sorted(found, key=_by_value, reverse=True)


def _expressions(series: Series, writer: _Writer) -> list[Measurement]:
    table = np.stack([sighting.face.expressions for sighting in series.sightings])
    found: list[Measurement] = []
    for column, expression in enumerate(EXPRESSIONS):
        values = steadied(table[:, column])
        mean = float(table[:, column].mean())
        first, last = series.peak_run(values, max(mean, float(values.max()) / 2))
        found.append(writer(f"face.{expression}", mean, series.span(first, last)))
    return sorted(found, key=_by_value, reverse=True)


def _pose(series: Series, writer: _Writer) -> list[Measurement]:
    angles = np.array([sighting.face.pose_deg for sighting in series.sightings])
    middle = np.median(angles, axis=0)
    span = series.whole_span()
    return [writer(name, float(middle[i]), span) for i, name in enumerate(POSE)]


def _gaze(series: Series, writer: _Writer) -> list[Measurement]:
    turned = [s.face.gaze for s in series.sightings if s.face.gaze is not None]
    if not turned:
        return []
    share = float(np.mean([turn > GAZE_AVERTED for turn in turned]))
    return [writer("gaze.averted", share, series.whole_span())]


def _blinks(series: Series, writer: _Writer) -> list[Measurement]:
    watched_s = len(series.sightings) * series.step_s
    if watched_s < _LEAST_BLINK_S:
        return []
    closed = np.array([s.face.units[_EYES] >= _CLOSED for s in series.sightings])
    return [writer("blink.rate", _blink_rate(closed, series), series.whole_span(), BLINKING)]


def _blink_rate(closed: NDArray[np.bool_], series: Series) -> float:
    """Closures per minute; frames further apart than a blink lasts miss some of them."""
    begun = int(np.sum(closed[1:] & ~closed[:-1])) + int(closed[0])
    caught = min(1.0, _BLINK_S / series.step_s)
    return begun / caught * 60 / (len(closed) * series.step_s)


def _by_value(measurement: Measurement) -> float:
    assert isinstance(measurement.value, float), "face values are numbers"
    return measurement.value
