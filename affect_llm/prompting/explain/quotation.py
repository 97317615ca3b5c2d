"""A few words of a transcript that are worth quoting."""

import random
import re

MAX_WORDS = 6
"""A third of the words that a whole sentence may have (`assemble.MAX_WORDS`)."""
_STRONG = frozenset(
    """
    love hate happy glad great wonderful amazing thank thanks sorry sad miss cry afraid
    scared worried angry mad damn hell god wow what really never terrible awful disgusting
    gross horrible beautiful funny stupid shut please help alone lost died dead kill fun
    yay best worst excited proud ashamed wrong hurt calm fine okay oh no yes
    """.split()  # noqa: SIM905 - a paragraph of words reads better than sixty lines
)
"""Words that make a stretch of a transcript worth quoting."""
_BREAK = re.compile(r"(?<=[.!?;,:])\s+|\s+-+\s+")
_QUOTABLE = re.compile(r"[ !#-~]+")


def quote_from(text: str, rng: random.Random) -> str | None:
    """A stretch of at most six words of `text`, verbatim, plain ASCII and without `"`.

    Parts between punctuation that hold an emotional word come first. None if nothing fits.
    """
    parts = [p for p in _BREAK.split(text) if _QUOTABLE.fullmatch(p) and re.search(r"\w", p)]
    if not parts:
        return None
    best = max(map(_weight, parts))
    words = rng.choice([p for p in parts if _weight(p) == best]).strip().split(" ")
    if len(words) > MAX_WORDS:
        hits = [i for i, w in enumerate(words) if w.lower().strip(".,!?'") in _STRONG]
        length = rng.randint(3, MAX_WORDS)
        start = max(0, min(hits[0] - 1, len(words) - length)) if hits else 0
        words = words[start : start + length]
    return " ".join(words).strip(" ,;:.")


def _weight(part: str) -> int:
    words = re.findall(r"[\w']+", part.lower())
    # More than two emotional words count as two, or the longest part would always be quoted.
    strong = 2 * sum(w in _STRONG for w in words)
    return min(strong, 4) + part.endswith("!") + (len(words) > 1)
