"""Numbers become words here, by published thresholds, and nowhere else.

A scale is an ordered list of (upper bound, word); a value takes the word of the first bound it
lies below. The checker, the prompts, the report and the training texts all read these tables.
"""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Scale:
    """Words for a number line, with the source of its thresholds.

    Args:
        steps: (upper bound, word) in rising order; the last bound is infinity.
        source: where the thresholds come from.
        absent: words that mean the thing is not there ("absent", "very unlikely").
    """

    steps: tuple[tuple[float, str], ...]
    source: str
    absent: frozenset[str] = frozenset()

    def word(self, value: float) -> str:
        """The word for `value`; a value on a bound takes the upper word."""
        return next(word for bound, word in self.steps if value < bound)

    def rank(self, word: str) -> int:
        """Position of `word`, 0 for the lowest."""
        return self.words().index(word)

    def words(self) -> tuple[str, ...]:
        """All words, lowest first."""
        return tuple(word for _, word in self.steps)


FACS = Scale(
    (
        (0.5, "absent"),
        (1.5, "trace"),
        (2.5, "slight"),
        (3.5, "marked"),
        (4.5, "severe"),
        (inf, "maximum"),
    ),
    "FACS intensity letters A-E as 1-5 (Ekman, Friesen, Hager 2002), halves rounded up",
    frozenset({"absent"}),
)
DEVIATION = Scale(
    (
        (-2.0, "very low"),
        (-1.0, "low"),
        (-0.5, "slightly low"),
        (0.5, "typical"),
        (1.0, "slightly high"),
        (2.0, "high"),
        (inf, "very high"),
    ),
    "standard deviations from the baseline: Cohen's (1988) half a deviation is the smallest "
    "that is called medium, one and two are the usual clinical cut-offs",
)
LIKELIHOOD = Scale(
    (
        (0.01, "exceptionally unlikely"),
        (0.10, "very unlikely"),
        (0.33, "unlikely"),
        (0.66, "possible"),
        (0.90, "likely"),
        (inf, "very likely"),
    ),
    "IPCC calibrated language (Mastrandrea et al. 2010); 'about as likely as not' is 'possible'",
    frozenset({"exceptionally unlikely", "very unlikely", "unlikely"}),
)
BIPOLAR = Scale(
    (
        (-0.6, "very low"),
        (-0.2, "low"),
        (0.2, "neutral"),
        (0.6, "high"),
        (inf, "very high"),
    ),
    "five equal parts of [-1, 1], as the Self-Assessment Manikin's figures (Bradley, Lang 1994)",
)
SHARE = Scale(
    (
        (0.05, "almost none"),
        (0.25, "little"),
        (0.50, "some"),
        (0.75, "much"),
        (inf, "most"),
    ),
    "quarters of the time; under 5 % is called almost none",
    frozenset({"almost none"}),
)
ANGLE = Scale(
    (
        (-20.0, "strongly negative"),
        (-8.0, "negative"),
        (8.0, "straight"),
        (20.0, "positive"),
        (inf, "strongly positive"),
    ),
    "degrees; 8 is about the error of landmark head pose, 20 the edge of a frontal view",
)
