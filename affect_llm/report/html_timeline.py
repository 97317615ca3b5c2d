"""The time line of a report: lanes by family, bars as long as their cues, one axis below."""

from collections.abc import Sequence

from affect_llm.report.lanes import Lane, is_quiet, lanes_of, packed, strength
from affect_llm.report.markup import Html, element, joined
from affect_llm.report.words import clock, describe, quantity, span_words
from affect_llm.types import Cue, EmotionResult, WindowVerdict

ROW_PX = 24
_NARROWEST = 0.5
_LABELLED = 4.0
_STEPS_S = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST_TICKS = 9


def timeline(result: EmotionResult) -> Html:
    """Lanes of bars that seek the player, or of chips where there is no time to speak of.

    Cues that say little and that no sentence cites are folded away below.
    """
    cited = {cue_id for sentence in result.explanation for cue_id in sentence.cue_ids}
    cues = result.sheet.cues
    quiet = [cue for cue in cues if is_quiet(cue) and cue.id not in cited]
    loud = [cue for cue in cues if cue not in quiet]
    windows = [_window_lane(result.windows, result.duration_s)] if result.windows else []
    return joined((_lanes(loud, result.duration_s, windows), _fold(quiet, result.duration_s)))


def _fold(cues: Sequence[Cue], duration_s: float) -> Html:
    if not cues:
        return Html("")
    summary = element("summary", {}, f"{len(cues)} quiet cues: typical, unlikely or bare traces")
    return element("details", {"class": "quiet-cues"}, summary, _lanes(cues, duration_s, []))


def _lanes(cues: Sequence[Cue], duration_s: float, first: Sequence[Html]) -> Html:
    lanes = lanes_of(cues)
    if not lanes:
        return Html("")
    if duration_s <= 0:
        return element("div", {"class": "lanes still"}, *(_chips(lane) for lane in lanes))
    rows = [*first, *(_lane(lane, duration_s) for lane in lanes), _axis(duration_s)]
    head = element("div", {"class": "playhead", "hidden": ""})
    return element("div", {"class": "lanes"}, *rows, element("div", {"class": "over"}, head))


def _lane(lane: Lane, duration_s: float) -> Html:
    rows = packed(lane.cues, duration_s * _NARROWEST / 100)
    bars = joined(_bar(cue, duration_s, row) for row, cues in enumerate(rows) for cue in cues)
    height = len(rows) * ROW_PX
    track = element("svg", {"class": "track", "width": "100%", "height": str(height)}, bars)
    return _row(lane.name, str(lane.modality), track)


def _row(name: str, kind: str, track: Html) -> Html:
    return element(
        "div", {"class": f"lane {kind}"}, element("div", {"class": "lane-name"}, name), track
    )


def _bar(cue: Cue, duration_s: float, row: int) -> Html:
    left, width = _percent(cue.span.start_s, cue.span.end_s, duration_s)
    measured = quantity(cue)
    title = f"{cue.id}: {describe(cue)}{f' ({measured})' if measured else ''}"
    label = element("text", {"x": "7", "y": "15"}, f"{cue.id}  {describe(cue)}")
    return element(
        "svg",
        {
            "class": "cue", "x": f"{left:.3f}%", "y": str(row * ROW_PX + 2),
            "width": f"{width:.3f}%", "height": str(ROW_PX - 4), "tabindex": "0",
            "role": "button", "aria-label": f"{title}, {span_words(cue.span)}",
            "data-cues": cue.id, "data-start": cue.span.start_s, "data-end": cue.span.end_s,
        },
        element("title", {}, title),
        element("rect", {"width": "100%", "height": "100%", "rx": "4", "class": "plate"}),
        element("rect", {"width": "100%", "height": "100%", "rx": "4", "class": "fill",
                         "fill-opacity": 0.12 + 0.6 * strength(cue)}),
        label if width >= _LABELLED else Html(""),
    )  # fmt: skip


def _window_lane(windows: Sequence[WindowVerdict], duration_s: float) -> Html:
    cells = (_window(window, duration_s) for window in windows)
    track = element("svg", {"class": "track", "width": "100%", "height": str(ROW_PX)}, *cells)
    return _row("verdict", "window", track)


def _window(window: WindowVerdict, duration_s: float) -> Html:
    left, width = _percent(window.span.start_s, window.span.end_s, duration_s)
    label = window.label or "not enough evidence"
    sure = "" if window.confidence is None else f" ({window.confidence:.2f})"
    text = element("text", {"x": "7", "y": "15"}, label) if width >= _LABELLED else Html("")
    return element(
        "svg",
        {
            "class": "cue", "x": f"{left:.3f}%", "y": "2", "width": f"{width:.3f}%",
            "height": str(ROW_PX - 4), "tabindex": "0", "role": "button", "data-cues": "",
            "aria-label": f"{label}, {span_words(window.span)}",
            "data-start": window.span.start_s, "data-end": window.span.end_s,
        },
        element("title", {}, f"{label}{sure}, {span_words(window.span)}"),
        element("rect", {"width": "100%", "height": "100%", "rx": "4", "class": "fill",
                         "fill-opacity": 0.1 + 0.6 * (window.confidence or 0.0)}),
        text,
    )  # fmt: skip


def _percent(start_s: float, end_s: float, duration_s: float) -> tuple[float, float]:
    left = min(100 - _NARROWEST, 100 * start_s / duration_s)
    return left, max(_NARROWEST, min(100 - left, 100 * (end_s - start_s) / duration_s))


def _chips(lane: Lane) -> Html:
    chips = (
        element("button", {"type": "button", "class": "chip", "data-cues": cue.id},
                f"{cue.id}  {describe(cue)}")
        for cue in lane.cues
    )  # fmt: skip
    return _row(lane.name, str(lane.modality), element("div", {"class": "chips"}, *chips))


def _axis(duration_s: float) -> Html:
    step = next((s for s in _STEPS_S if duration_s / s <= _MOST_TICKS), _STEPS_S[-1])
    times = [i * step for i in range(int(duration_s / step) + 1)]
    ticks = (
        element("text", {"x": f"{100 * t / duration_s:.3f}%", "y": "13",
                         "text-anchor": _anchor(t, duration_s)},
                clock(t).removesuffix(".0") if step >= 1 else clock(t))
        for t in times
    )  # fmt: skip
    svg = element(
        "svg", {"class": "axis", "width": "100%", "height": "18", "aria-hidden": "true"}, *ticks
    )
    return _row("", "time", svg)


def _anchor(t: float, duration_s: float) -> str:
    return "start" if t == 0 else "end" if t > 0.96 * duration_s else "middle"
