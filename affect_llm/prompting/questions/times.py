"""The stretches of a clip that a question names: "at 5 s", "from 0:02 to 0:04", "at the end"."""

import re
from collections.abc import Callable
from functools import reduce

from affect_llm.types import TimeSpan

_T = r"(\d+:\d{1,2}(?::\d{2})?(?:\.\d+)?|\d+(?:\.\d+)?)"
_U = r"\s*(?:seconds?|secs?|s|minutes?|mins?|m)?\b"
_UNIT = r"\s*(?:seconds?|secs?|s)\b"
_CLOCK = r"(\d+:\d{1,2}(?::\d{2})?(?:\.\d+)?)"
_PARTS = {
    r"first half": (0.0, 0.5), r"second half|last half": (0.5, 1.0),
    r"first third": (0.0, 1 / 3), r"last third": (2 / 3, 1.0),
    r"(?:at|in|from|near) the (?:very )?(?:beginning|start)|at first|initially|opening":
        (0.0, 1 / 3),
    r"(?:in|at|near|around) the middle|halfway|midway": (1 / 3, 2 / 3),
    r"(?:at|in|near|towards?|until) the (?:very )?end|finally|at last|last moments?": (2 / 3, 1.0),
}  # fmt: skip
_LATEST_S = 1e6
"""Eleven days, longer than any clip, for times that are no time of a clip."""
_POINT_S = 0.5
"""How far around a named moment is looked."""

Reader = Callable[[list[float], float], tuple[float, float]]
# Longer forms come first: what one has read is blanked out for the next.
_FORMS: tuple[tuple[str, Reader], ...] = (
    (rf"(?:from|between)\s+{_T}{_U}\s*(?:to|and|until|till|-|–)\s*{_T}{_U}",
     lambda t, d: (t[0], t[1])),
    (rf"\b{_T}{_U}\s*(?:to|-|–)\s*{_T}{_UNIT}", lambda t, d: (t[0], t[1])),
    (rf"\b{_CLOCK}\s*(?:to|-|–)\s*{_CLOCK}", lambda t, d: (t[0], t[1])),
    (rf"first\s+{_T}{_UNIT}", lambda t, d: (0.0, t[0])),
    (rf"last\s+{_T}{_UNIT}", lambda t, d: (d - t[0], d)),
    (rf"(?:before|until|up to)\s+(?:second\s+)?{_T}(?:{_UNIT}|\b)", lambda t, d: (0.0, t[0])),
    (rf"(?:after|since|from)\s+(?:second\s+)?{_T}(?:{_UNIT}|\b)", lambda t, d: (t[0], d)),
    (rf"\b(?:at|around|about|near)?\s*{_CLOCK}", lambda t, d: (t[0] - _POINT_S, t[0] + _POINT_S)),
    (rf"\b{_T}{_UNIT}", lambda t, d: (t[0] - _POINT_S, t[0] + _POINT_S)),
    (rf"\b(?:at\s+)?second\s+{_T}\b", lambda t, d: (t[0] - _POINT_S, t[0] + _POINT_S)),
)  # fmt: skip


def times_in(text: str, duration_s: float) -> tuple[TimeSpan, ...]:
    """The stretches named in `text` (lower case), in seconds; they may lie past the clip's end.

    A moment stands for half a second on each side of it, "the beginning", "the middle" and "the
    end" for a third of the clip each.
    """
    spans: list[TimeSpan] = []
    for form, reader in _FORMS:
        for match in re.finditer(form, text):
            clocks = [[float(part) for part in time.split(":")] for time in match.groups()]
            times = [reduce(lambda total, part: 60 * total + part, clock) for clock in clocks]
            spans.append(_span(*reader(times, duration_s)))
        text = re.sub(form, " ", text)
    for words, (start, end) in _PARTS.items():
        if re.search(rf"\b(?:{words})\b", text):
            spans.append(_span(start * duration_s, end * duration_s))
    return tuple(spans)


def _span(one: float, other: float) -> TimeSpan:
    start, end = sorted(min(max(time, 0.0), _LATEST_S) for time in (one, other))
    return TimeSpan(start_s=start, end_s=end)
