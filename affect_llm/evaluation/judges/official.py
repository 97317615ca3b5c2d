"""How the official code of EMER read its judge's replies; kept apart, for comparison only.

Source of the rules: `AffectGPT/evaluation.py` of MERTools (2023). The first thing that looks like
a number is the score: "score range 1-10, score: 9" reads as 1 and "-3" as 3. Nothing is clamped.
"""

import re

from affect_llm.errors import ParseFailure

_FIRST = re.compile(r"[\d][.]*[\d]*")


def first_number(reply: str) -> float:
    """The first number in `reply`, whatever it stands for.

    Raises:
        ParseFailure: where the official run would crash: no digit, or one such as "3..5".
    """
    match = _FIRST.search(reply)
    if match is None:
        raise ParseFailure("no digit in the reply (the official code stops here)")
    try:
        return float(match[0])
    except ValueError as error:
        raise ParseFailure(f"{match[0]!r} is no number (the official code stops here)") from error
