"""Valence and arousal as a point on a plane."""

from affect_llm.report.markup import Html, element
from affect_llm.types import EmotionResult


def affect_plane(result: EmotionResult) -> Html:
    """Valence from left to right and arousal upwards (Russell's circumplex), windows as a trail."""
    if result.valence is None or result.arousal is None:
        return Html("")
    trail = " ".join(
        f"{_x(w.valence):.1f},{_y(w.arousal):.1f}"
        for w in result.windows
        if w.valence is not None and w.arousal is not None
    )
    words = (("100", "14", "activated"), ("100", "194", "calm"), ("30", "96", "unpleasant"),
             ("172", "96", "pleasant"))  # fmt: skip
    name = f"Valence {result.valence:+.2f}, arousal {result.arousal:+.2f}"
    picture = element(
        "svg", {"viewBox": "0 0 200 200", "class": "plane", "role": "img", "aria-label": name},
        element("circle", {"cx": "100", "cy": "100", "r": "78", "class": "ring"}),
        element("line", {"x1": "22", "x2": "178", "y1": "100", "y2": "100"}),
        element("line", {"x1": "100", "x2": "100", "y1": "22", "y2": "178"}),
        *(element("text", {"x": x, "y": y, "text-anchor": "middle"}, w) for x, y, w in words),
        element("polyline", {"points": trail, "class": "trail"}) if trail else Html(""),
        element("circle", {"cx": _x(result.valence), "cy": _y(result.arousal), "r": "7",
                           "class": "spot"}),
    )  # fmt: skip
    return element("section", {"class": "plane-section"}, element("h3", {}, "Valence and arousal"),
                   picture, element("p", {"class": "quiet"}, name))  # fmt: skip


def _x(valence: float) -> float:
    """The column of a valence: the plane's ring has the centre (100, 100) and the radius 78."""
    return 100 + 78 * max(-1.0, min(1.0, valence))


def _y(arousal: float) -> float:
    return 100 - 78 * max(-1.0, min(1.0, arousal))
