"""Loss and validation score over the steps of a stage, as SVG."""

from collections.abc import Sequence

from affect_llm.report.markup import Html, element
from affect_llm.training.sft.sft_report import StageReport

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 640.0, 220.0, 44.0, 24.0
Points = Sequence[tuple[float, float]]


def chart(stage: StageReport) -> Html:
    """Two lines, each on its own scale; a dashed line where the weights were kept."""
    losses = [(float(p.step), p.loss) for p in stage.losses]
    scores = [(float(e.step), e.value) for e in stage.evaluations]
    if not losses:
        return Html("")
    last = max(float(stage.steps), 1.0)
    kept = _x(stage.kept, last)
    return element(
        "svg",
        {"viewBox": f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}", "role": "img", "aria-label": _told(stage)},
        element("line", _line(_LEFT, _y(0), _WIDTH, _y(0)) | {"class": "axis"}),
        element("line", _line(kept, 0, kept, _y(0)) | {"class": "kept"}),
        element("polyline", {"class": "loss", "points": _points(losses, last, _range(losses))}),
        element("polyline", {"class": "score", "points": _points(scores, last, (0.0, 1.0))}),
        element("text", {"x": 0.0, "y": 12.0}, f"loss {_range(losses)[1]:.2f}"),
        element("text", {"x": 0.0, "y": _y(0)}, f"{_range(losses)[0]:.2f}"),
        element("text", {"x": _LEFT, "y": _HEIGHT - 4}, "step 0"),
        element("text", {"x": _WIDTH - 60, "y": _HEIGHT - 4}, f"step {stage.steps}"),
        element("text", {"x": kept + 4, "y": 12.0}, _best(stage)),
    )


def _told(stage: StageReport) -> str:
    return f"loss falls from {stage.losses[0].loss:.3f} to {stage.losses[-1].loss:.3f}"


def _best(stage: StageReport) -> str:
    best = [e.value for e in stage.evaluations if e.step == stage.kept]
    return f"kept, validation {best[0]:.3f}" if best else "kept"


def _points(points: Points, last: float, span: tuple[float, float]) -> str:
    low, high = span
    scale = high - low or 1.0
    return " ".join(f"{_x(x, last):.1f},{_y((y - low) / scale):.1f}" for x, y in points)


def _range(points: Points) -> tuple[float, float]:
    values = [value for _, value in points]
    return min(values), max(values)


def _x(step: float, last: float) -> float:
    return _LEFT + (_WIDTH - _LEFT) * step / last


def _y(share: float) -> float:
    return (_HEIGHT - _BOTTOM) * (1 - 0.92 * share)


def _line(x1: float, y1: float, x2: float, y2: float) -> dict[str, str | float | None]:
    return {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
