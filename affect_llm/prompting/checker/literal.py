"""What a sentence takes over letter by letter: quotes, times and values."""

import re
from collections.abc import Iterator, Sequence
from math import inf

from affect_llm.cues.catalogue import kind_of
from affect_llm.types import Cue

# A single quote is one only where it is no apostrophe: never between two letters.
_QUOTE = re.compile(r"\"([^\"]+)\"|(?<![\w'])'(?=\w)((?:[^']|'(?=\w))+)'(?!\w)")
_NUMBER = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "ten": "10",
           "twenty": "20", "thirty": "30"}  # fmt: skip
_N = r"(\d+(?:\.\d+)?)"
_S = r"\s*(?:seconds?|secs?|s)\b"
_RANGE = re.compile(rf"{_N}(?:{_S})?\s*(?:to|and|until|-)\s*{_N}{_S}")
_FIRST = re.compile(rf"first {_N}{_S}")
_OPEN = re.compile(rf"\b(from|after|since|until|before)\s+{_N}{_S}")
_POINT = re.compile(rf"{_N}{_S}")
_TIMES = (_RANGE, _FIRST, _OPEN, _POINT)
"""Longer forms come first: what one has read is blanked out for the next."""
_VALUE = re.compile(r"(?<![\w.])([+-]?\d+(?:\.\d+)?)\s*(hz|db|%|percent|sd\b|st\b)?", re.I)
_SLACK_S = 0.15
"""Times are printed in tenths: a sentence may be off by the rounding of both its ends."""


def without_quotes(text: str) -> tuple[str, list[str]]:
    """The sentence with its quotes blanked out, and the quotes."""
    plain = text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})
    quotes = [m[1] or m[2] for m in _QUOTE.finditer(plain)]
    return _QUOTE.sub(lambda m: " " * len(m[0]), plain), quotes


def quote_problem(quotes: Sequence[str], cues: Sequence[Cue]) -> str | None:
    """Why a quote does not hold: its words do not follow one another in a cited words cue."""
    sources = [f" {_words(c.value)} " for c in cues if isinstance(c.value, str)]
    worded = ((quote, words) for quote in quotes if (words := _words(quote)))
    lost = (quote for quote, words in worded if not any(f" {words} " in s for s in sources))
    return next((f'"{quote}" is not in the cited words' for quote in lost), None)


def _words(text: str) -> str:
    plain = text.lower().replace("\u2019", "'")
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain))


def time_problem(text: str, cues: Sequence[Cue]) -> str | None:
    """Why a time does not hold: no cited cue touches it."""
    for word, digits in _NUMBER.items():
        text = re.sub(rf"\b{word}(?= seconds?\b)", digits, text, flags=re.I)
    spans = [(cue.span.start_s - _SLACK_S, cue.span.end_s + _SLACK_S) for cue in cues]
    for start, end in _times(text):
        if not any(first <= end and start <= last for first, last in spans):
            return f"no cited cue was measured at {start:g} to {end:g} s"
    return None


def _times(text: str) -> Iterator[tuple[float, float]]:
    """The stretches that `text` names; a moment is one of length 0."""
    for pattern in _TIMES:
        for match in pattern.finditer(text.lower()):
            first = last = float(match[match.lastindex or 1])
            if pattern is _RANGE:
                first = float(match[1])
            elif pattern is _FIRST or match[1] in ("until", "before"):
                first = 0.0
            elif pattern is _OPEN:
                last = inf
            yield first, last
        text = pattern.sub(" ", text)


def value_problem(text: str, cues: Sequence[Cue]) -> str | None:
    """Why a number does not hold: no cited cue has that value, to its own rounding."""
    # Some names hold numbers that are no values: AU12, FACS 0-5.
    bare = re.sub(r"\bfacs\s*0-5|\bau ?\d+|\baction unit \d+", " ", text, flags=re.I)
    for pattern in _TIMES:
        bare = pattern.sub(" ", bare)
    values = [pair for cue in cues for pair in _values(cue)]
    for number, unit in _VALUE.findall(bare):
        if not unit and "." not in number:
            continue  # a bare whole number may count people, cues or anything else
        named_unit = unit.lower().replace("percent", "%")
        # A number is right to half a unit of its last digit; a millionth is for binary fractions.
        off = 0.5 * 10.0 ** -len(number.partition(".")[2]) + 1e-6
        rivals = [abs(value) for value, known in values if named_unit in ("", known)]
        if not any(abs(abs(float(number)) - rival) <= off for rival in rivals):
            return f"no cited cue has the value {number}{' ' + unit if unit else ''}"
    return None


def _values(cue: Cue) -> list[tuple[float, str]]:
    """A cue's numbers with their units: its value, as a percentage too, and its deviation."""
    if isinstance(cue.value, str):
        return []
    values = [(cue.value, cue.unit.lower())]
    if kind_of(cue.name).measured_in.fraction:
        values.append((100 * cue.value, "%"))
    return values if cue.deviation is None else [*values, (cue.deviation, "sd")]
