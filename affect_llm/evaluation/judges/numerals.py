"""A score from 0 to 10 in a reply that follows no schema.

Only what is unmistakable is read. A range ("7-8"), another scale ("80/100"), two different
scores, a malformed number ("3..5") and anything below 0 or above 10 are refused with a reason:
a verdict that cannot be read is counted, never guessed. `first_number` is how EMER's own code read
its judge, kept apart for comparison only.
"""

import re
import unicodedata

from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.judgement import HIGHEST, LOWEST

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORD = "|".join(_WORDS)
_CHINESE = "零一二三四五六七八九十"
_MARKS = re.compile(r"[*_`\"'“”‘’{}<>]")
_BOUND = (
    r"(?P<bound>\b(?:max(?:imum|imal)?|highest|full|perfect|possible|top|best"
    r"|min(?:imum|imal)?|lowest|worst)\s+)?"
)
_LABEL = _BOUND + (
    r"(?:\b(?:scores?|rating|marks?|points)\b(?:\s+(?:of|for)\s+[^:=\n]{1,40}(?=\s*[:=]))?"
    r"|得分|评分|分数|打分)"
)
_SAID = r"\s*(?:is|as|of|are|would be|should be|[:=]|为|是|\s)\s*"
_NUMBER = rf"(?P<number>[-+−]?\d+(?:[.,]+\d+)*|\b(?:{_WORD})\b|[{_CHINESE}])"
_TAIL = (
    r"\s*(?P<tail>(?:/|out\s+of|of)\s*[-\d.]+|%|percent\b|(?:-|–|—|~|\bto\b|到)\s*\d+|\.{2,}\d*)?"
)
_MEANING = r"(?!\d|\s*(?:would|means?|if|when|where|indicates?|stands|for\s+(?:no|full)))"
"""A number whose meaning is explained is no verdict: "a score of 0 would mean …"."""
_LABELLED = re.compile(
    rf"{_LABEL}{_SAID}(?:about |around |approximately )?{_NUMBER}{_TAIL}{_MEANING}", re.I
)
_BARE = re.compile(rf"\s*{_NUMBER}{_TAIL}\s*(?:points?|分)?\s*[.!。]?\s*", re.I)
_FIRST_LINE = re.compile(rf"\A\s*{_NUMBER}{_TAIL}\s*(?:points?|分)?[.:。]?\s*(?:\n|$)", re.I)
_OUT_OF = re.compile(r"(?:/|out\s+of|of)\s*10(?:\.0*)?\.?", re.I)
_FIRST_NUMBER = re.compile(r"[\d][.]*[\d]*")
"""The pattern of `AffectGPT/evaluation.py` in MERTools (2023), to the letter."""


def read_score(reply: str) -> float:
    """The score that a reply in words gives, 0 to 10.

    Raises:
        ParseFailure: there is none, or it cannot be told for certain; the message says why.
    """
    plain = _MARKS.sub(" ", unicodedata.normalize("NFKC", reply))
    text = re.sub(r"[^\S\n]+", " ", plain)
    if not text.strip():
        raise ParseFailure("empty reply")
    bare = _BARE.fullmatch(text)
    matches = [bare] if bare else [m for m in _LABELLED.finditer(text) if not m["bound"]]
    if not matches and (first := _FIRST_LINE.match(text)):
        matches = [first]
    if not matches:
        raise ParseFailure("no score in the reply")
    scores = {_value(match) for match in matches}
    if len(scores) > 1:
        raise ParseFailure("several different scores")
    return scores.pop()


def first_number(reply: str) -> float:
    """The first number in `reply`, whatever it stands for; nothing is clamped.

    "score range 1-10, score: 9" reads as 1 and "-3" as 3.

    Raises:
        ParseFailure: where the official run would crash: no digit, or one such as "3..5".
    """
    match = _FIRST_NUMBER.search(reply)
    if match is None:
        raise ParseFailure("no digit in the reply (the official code stops here)")
    try:
        return float(match[0])
    except ValueError as error:
        raise ParseFailure(f"{match[0]!r} is no number (the official code stops here)") from error


def in_range(score: float) -> float:
    """`score`, if it lies between 0 and 10.

    Raises:
        ParseFailure: it does not.
    """
    if not LOWEST <= score <= HIGHEST:
        raise ParseFailure("score out of range")
    return score


def _value(match: re.Match[str]) -> float:
    number = match["number"].rstrip(".,").replace("−", "-").lower()
    tail = match["tail"] or ""
    if tail and not _OUT_OF.fullmatch(tail.strip()):
        raise ParseFailure("a range, another scale or a malformed number")
    if number in _WORDS:
        return float(_WORDS.index(number))
    if number in _CHINESE:
        return float(_CHINESE.index(number))
    if not re.fullmatch(r"[-+]?\d+(?:\.\d+)?", number):
        raise ParseFailure("malformed number")
    return in_range(float(number))
