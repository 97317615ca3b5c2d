"""The time line of a report: lanes by family, bars as long as their cues, one axis below."""

from collections.abc import Iterable, Sequence

from affect_llm.report.lanes import Lane, is_quiet, lanes_of, packed, strength
from affect_llm.report.markup import Html, element, joined
from affect_llm.report.words import clock, describe, quantity, span_words
from affect_llm.types import Cue, EmotionResult, TimeSpan, WindowVerdict

ROW_PX = 24
_NARROWEST = 0.5
"""Percent of the width that a moment gets: a few pixels, enough to be seen and hit."""
_LABELLED = 4.0
"""Percent of the width from which a bar has room for the beginning of its label."""
_STEPS_S = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST_TICKS = 9
"""So many times stand beside one another on a narrow page without touching."""


def timeline(result: EmotionResult) -> Html:
    """Lanes of bars that seek the player, or of chips where there is no time to speak of.

    Cues that say little and that no sentence cites are folded away below.
    """
    cited = {cue_id for sentence in result.explanation for cue_id in sentence.cue_ids}
    cues = result.sheet.cues
    quiet = [cue for cue in cues if is_quiet(cue) and cue.id not in cited]
    loud = [cue for cue in cues if cue not in quiet]
    lanes = _lanes(loud, result.duration_s, result.windows)
    if not quiet:
        return lanes
    summary = element("summary", {}, f"{len(quiet)} quiet cues: typical, unlikely or bare traces")
    folded = element("details", {"class": "quiet-cues"}, summary, _lanes(quiet, result.duration_s))
    return joined((lanes, folded))


def _lanes(cues: Sequence[Cue], duration_s: float, windows: Sequence[WindowVerdict] = ()) -> Html:
    lanes = lanes_of(cues)
    if not lanes:
        return Html("")
    if duration_s <= 0:
        return element("div", {"class": "lanes still"}, *(_chips(lane) for lane in lanes))
    rows = [_lane(lane, duration_s) for lane in lanes]
    if windows:
        bars = (_window(window, duration_s) for window in windows)
        rows.insert(0, _row("verdict", "window", _track(1, bars)))
    head = element("div", {"class": "playhead", "hidden": ""})
    over = element("div", {"class": "over"}, head)
    return element("div", {"class": "lanes"}, *rows, _axis(duration_s), over)


def _lane(lane: Lane, duration_s: float) -> Html:
    rows = packed(lane.cues, duration_s * _NARROWEST / 100)
    bars = (_cue(cue, duration_s, row) for row, cues in enumerate(rows) for cue in cues)
    return _row(lane.name, str(lane.modality), _track(len(rows), bars))


def _row(name: str, kind: str, track: Html) -> Html:
    return element(
        "div", {"class": f"lane {kind}"}, element("div", {"class": "lane-name"}, name), track
    )


def _track(rows: int, bars: Iterable[Html]) -> Html:
    size = {"class": "track", "width": "100%", "height": str(rows * ROW_PX)}
    return element("svg", size, *bars)


def _cue(cue: Cue, duration_s: float, row: int) -> Html:
    measured = quantity(cue)
    title = f"{cue.id}: {describe(cue)}{f' ({measured})' if measured else ''}"
    return _bar(
        cue.span,
        duration_s,
        row,
        cue_id=cue.id,
        label=f"{cue.id}  {describe(cue)}",
        title=title,
        name=f"{title}, {span_words(cue.span)}",
        opacity=0.12 + 0.6 * strength(cue),
    )


def _window(window: WindowVerdict, duration_s: float) -> Html:
    label = window.label or "not enough evidence"
    sure = "" if window.confidence is None else f" ({window.confidence:.2f})"
    return _bar(
        window.span,
        duration_s,
        label=label,
        title=f"{label}{sure}, {span_words(window.span)}",
        name=f"{label}, {span_words(window.span)}",
        opacity=0.1 + 0.6 * (window.confidence or 0.0),
    )


def _bar(
    span: TimeSpan,
    duration_s: float,
    row: int = 0,
    *,
    cue_id: str = "",
    label: str,
    title: str,
    name: str,
    opacity: float,
) -> Html:
    """A button as long as its span, which is drawn as faint as its cue is weak, never invisible."""
    left = min(100 - _NARROWEST, 100 * span.start_s / duration_s)
    width = max(_NARROWEST, min(100 - left, 100 * span.duration_s / duration_s))
    whole = {"width": "100%", "height": "100%", "rx": "4"}
    return element(
        "svg",
        {
            "class": "cue", "x": f"{left:.3f}%", "y": str(row * ROW_PX + 2),
            "width": f"{width:.3f}%", "height": str(ROW_PX - 4), "tabindex": "0",
            "role": "button", "aria-label": name, "data-cues": cue_id,
            "data-start": span.start_s, "data-end": span.end_s,
        },
        element("title", {}, title),
        element("rect", {**whole, "class": "plate"}) if cue_id else Html(""),
        element("rect", {**whole, "class": "fill", "fill-opacity": opacity}),
        element("text", {"x": "7", "y": "15"}, label) if width >= _LABELLED else Html(""),
    )  # fmt: skip


def _chips(lane: Lane) -> Html:
    chips = (
        element("button", {"type": "button", "class": "chip", "data-cues": cue.id},
                f"{cue.id}  {describe(cue)}")
        for cue in lane.cues
    )  # fmt: skip
    return _row(lane.name, str(lane.modality), element("div", {"class": "chips"}, *chips))


def _axis(duration_s: float) -> Html:
    step = next((s for s in _STEPS_S if duration_s / s <= _MOST_TICKS), _STEPS_S[-1])
    ticks = []
    for t in (n * step for n in range(int(duration_s / step) + 1)):
        # The first and the last time would be cut off at the page's edges if they were centred.
        anchor = "start" if t == 0 else "end" if t > 0.96 * duration_s else "middle"
        place = {"x": f"{100 * t / duration_s:.3f}%", "y": "13", "text-anchor": anchor}
        ticks.append(element("text", place, clock(t).removesuffix(".0") if step >= 1 else clock(t)))
    axis = {"class": "axis", "width": "100%", "height": "18", "aria-hidden": "true"}
    return _row("", "time", element("svg", axis, *ticks))
