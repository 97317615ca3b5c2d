"""The geometry of a report's time line; `timeline.html` draws it."""

from collections.abc import Sequence
from dataclasses import dataclass

from affect_llm.report.lanes import is_quiet, lanes_of, packed, strength
from affect_llm.report.words import clock, describe, quantity, span_words
from affect_llm.types import Cue, EmotionResult, TimeSpan, WindowVerdict

NARROWEST = 0.5
"""Percent of the width that a moment gets: a few pixels, enough to be seen and hit."""
_STEPS_S = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST_TICKS = 9
"""So many times stand beside one another on a narrow page without touching."""


@dataclass(frozen=True, slots=True)
class CueBar:
    """A button as long as its span, and drawn as faint as its cue is weak, though never invisible.

    Args:
        span: the time that a click seeks.
        place: left edge and width, in percent of the whole time.
        row: counted from the top of its lane.
        cue_id: empty for a window's verdict.
        label: stands on the bar where there is room.
        title: shown beside the pointer.
        name: read aloud.
        opacity: 0 to 1.
    """

    span: TimeSpan
    place: tuple[float, float]
    row: int
    cue_id: str
    label: str
    title: str
    name: str
    opacity: float


@dataclass(frozen=True, slots=True)
class BarLane:
    """A lane with its bars in as few rows as keep them from touching."""

    name: str
    kind: str
    rows: int
    bars: tuple[CueBar, ...]


def loud_and_quiet(result: EmotionResult) -> tuple[list[Cue], list[Cue]]:
    """Cues to show, and those to fold away: they say little, and no sentence cites them."""
    cited = {cue_id for sentence in result.explanation for cue_id in sentence.cue_ids}
    cues = result.sheet.cues
    quiet = [cue for cue in cues if is_quiet(cue) and cue.id not in cited]
    return [cue for cue in cues if cue not in quiet], quiet


def bar_lanes(
    cues: Sequence[Cue], duration_s: float, windows: Sequence[WindowVerdict]
) -> list[BarLane]:
    """Lanes over a time that is not 0; a long clip's windows come first."""
    verdicts = tuple(_window(window, duration_s) for window in windows)
    lanes = [BarLane("verdict", "window", 1, verdicts)] if verdicts else []
    for lane in lanes_of(cues):
        rows = packed(lane.cues, duration_s * NARROWEST / 100)
        bars = tuple(_cue(cue, duration_s, n) for n, row in enumerate(rows) for cue in row)
        lanes.append(BarLane(lane.name, str(lane.modality), len(rows), bars))
    return lanes


def ticks(duration_s: float) -> list[tuple[float, str, str]]:
    """Percent of the width, anchor and words of the times below the lanes."""
    step = next((s for s in _STEPS_S if duration_s / s <= _MOST_TICKS), _STEPS_S[-1])
    times = []
    for t in (n * step for n in range(int(duration_s / step) + 1)):
        # The first and the last time would be cut off at the page's edges if they were centred.
        anchor = "start" if t == 0 else "end" if t > 0.96 * duration_s else "middle"
        words = clock(t).removesuffix(".0") if step >= 1 else clock(t)
        times.append((100 * t / duration_s, anchor, words))
    return times


def _cue(cue: Cue, duration_s: float, row: int) -> CueBar:
    measured = quantity(cue)
    title = f"{cue.id}: {describe(cue)}{f' ({measured})' if measured else ''}"
    name = f"{title}, {span_words(cue.span)}"
    label, opacity = f"{cue.id}  {describe(cue)}", 0.12 + 0.6 * strength(cue)
    return CueBar(cue.span, _place(cue.span, duration_s), row, cue.id, label, title, name, opacity)


def _window(window: WindowVerdict, duration_s: float) -> CueBar:
    label = window.label or "not enough evidence"
    sure = "" if window.confidence is None else f" ({window.confidence:.2f})"
    when, opacity = span_words(window.span), 0.1 + 0.6 * (window.confidence or 0.0)
    title, name = f"{label}{sure}, {when}", f"{label}, {when}"
    return CueBar(window.span, _place(window.span, duration_s), 0, "", label, title, name, opacity)


def _place(span: TimeSpan, duration_s: float) -> tuple[float, float]:
    left = min(100 - NARROWEST, 100 * span.start_s / duration_s)
    return left, max(NARROWEST, min(100 - left, 100 * span.duration_s / duration_s))


def plane_point(affect: EmotionResult | WindowVerdict) -> tuple[float, float]:
    """A point on the plane of valence and arousal, whose ring has centre 100, 100 and radius 78."""
    valence, arousal = (max(-1.0, min(1.0, v or 0.0)) for v in (affect.valence, affect.arousal))
    return 100 + 78 * valence, 100 - 78 * arousal
