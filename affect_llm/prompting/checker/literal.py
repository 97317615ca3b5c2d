"""What a sentence takes over letter by letter: quotes, times, values and persons."""

import re
from collections.abc import Sequence

from affect_llm.cues.catalogue import kind_of
from affect_llm.cues.scales import LIKELIHOOD, SHARE
from affect_llm.types import Cue, TimeSpan

_QUOTE = re.compile(r"\"([^\"]+)\"|(?<![\w'])'(?=\w)((?:[^']|'(?=\w))+)'(?!\w)")
_NUMBER = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "ten": "10",
           "twenty": "20", "thirty": "30"}  # fmt: skip
_N = r"(\d+(?:\.\d+)?)"
_S = r"\s*(?:seconds?|secs?|s)\b"
_RANGE = re.compile(rf"{_N}(?:{_S})?\s*(?:to|and|until|-)\s*{_N}{_S}")
_FIRST = re.compile(rf"first {_N}{_S}")
_OPEN = re.compile(rf"\b(from|after|since|until|before)\s+{_N}{_S}")
_POINT = re.compile(rf"{_N}{_S}")
_VALUE = re.compile(r"(?<![\w.])([+-]?\d+(?:\.\d+)?)\s*(hz|db|%|percent|sd\b|st\b)?", re.I)
_SLACK_S = 0.15


def without_quotes(text: str) -> tuple[str, list[str]]:
    """The sentence with its quotes blanked out, and the quotes."""
    plain = text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})
    quotes = [m[1] or m[2] for m in _QUOTE.finditer(plain)]
    return _QUOTE.sub(lambda m: " " * len(m[0]), plain), quotes


def quote_problem(quotes: Sequence[str], cues: Sequence[Cue]) -> str | None:
    """Why a quote does not hold: its words do not follow one another in a cited words cue."""
    sources = [f" {_words(c.value)} " for c in cues if isinstance(c.value, str)]
    for quote in quotes:
        wanted = _words(quote)
        if wanted and not any(f" {wanted} " in source for source in sources):
            return f'"{quote}" is not in the cited words'
    return None


def _words(text: str) -> str:
    plain = text.lower().replace("\u2019", "'")
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain))


def time_problem(text: str, cues: Sequence[Cue]) -> str | None:
    """Why a time does not hold: no cited cue touches it."""
    for word, digits in _NUMBER.items():
        text = re.sub(rf"\b{word}(?= seconds?\b)", digits, text, flags=re.I)
    for start, end in _times(text):
        if not any(_touches(cue.span, start, end) for cue in cues):
            return f"no cited cue was measured at {start:g} to {end:g} s"
    return None


def _times(text: str) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for pattern in (_RANGE, _FIRST, _OPEN, _POINT):
        for match in pattern.finditer(text.lower()):
            found.append(_interval(pattern, match))
        text = pattern.sub(" ", text)
    return found


def _interval(pattern: re.Pattern[str], match: re.Match[str]) -> tuple[float, float]:
    if pattern is _RANGE:
        return float(match[1]), float(match[2])
    if pattern is _FIRST:
        return 0.0, float(match[1])
    if pattern is _OPEN:
        at = float(match[2])
        return (0.0, at) if match[1] in ("until", "before") else (at, float("inf"))
    return float(match[1]), float(match[1])


def _touches(span: TimeSpan, start: float, end: float) -> bool:
    return span.start_s - _SLACK_S <= end and start <= span.end_s + _SLACK_S


def value_problem(text: str, cues: Sequence[Cue]) -> str | None:
    """Why a number does not hold: no cited cue has that value, to its own rounding."""
    bare = re.sub(r"\bfacs\s*0-5|\bau ?\d+|\baction unit \d+", " ", text, flags=re.I)
    for pattern in (_RANGE, _FIRST, _OPEN, _POINT):
        bare = pattern.sub(" ", bare)
    for number, unit in _VALUE.findall(bare):
        if not unit and "." not in number:
            continue
        if not any(_same_value(number, unit.lower(), value, cue) for cue in cues
                   for value in _values(cue)):  # fmt: skip
            return f"no cited cue has the value {number}{' ' + unit if unit else ''}"
    return None


def _values(cue: Cue) -> list[tuple[float, str]]:
    if isinstance(cue.value, str):
        return []
    scale = kind_of(cue.name).scale
    found = [(cue.value, cue.unit.lower())]
    if scale in (LIKELIHOOD, SHARE) or cue.unit == "share":
        found.append((100 * cue.value, "%"))
    return found if cue.deviation is None else [*found, (cue.deviation, "sd")]


def _same_value(number: str, unit: str, value: tuple[float, str], cue: Cue) -> bool:
    known, known_unit = value
    if unit and unit.replace("percent", "%") != known_unit:
        return False
    decimals = len(number.partition(".")[2])
    return abs(abs(float(number)) - abs(known)) <= 0.5 * 10.0**-decimals + 1e-6


def persons_in(text: str) -> list[tuple[str, int]]:
    """Track ids named in the sentence, each with where it stands."""
    return [(m[0].upper(), m.start()) for m in re.finditer(r"\bp\d+\b", text, flags=re.I)]
