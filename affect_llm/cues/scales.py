"""Numbers become words here, by published thresholds, and nowhere else.

A scale is an ordered list of (upper bound, word); a value takes the word of the first bound it
lies below. The checker, the prompts, the report and the training texts all read these tables.
"""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Scale:
    """Words for a number line, with all that depends on where a value lies on it.

    Args:
        name: the key of its claims in the checker's `scales.yaml`; a scale that has none there
            is read by the general rule.
        steps: (upper bound, word) in rising order; the last bound is infinity.
        source: where the thresholds come from.
        absent: words that mean the thing is not there ("absent", "very unlikely").
        idle: words that are no evidence, so that a prompt gives them no line; None for `absent`.
        middle: the word for what is ordinary, on a scale that goes both ways from there.
        presence: whether any word outside `absent` says by itself that something is there.
        full: the distance from nothing at which a value is as strong as it can be.
        drawn_full: the distance at which a time line draws it so; None for `full`.
        quiet: values nearer to nothing than this are evidence of nothing being there.
        certain: the distance at which a value is all the evidence that it can be.
        missing: (slope, offset) of the evidence that a quiet value is; the default is none.
    """

    name: str
    steps: tuple[tuple[float, str], ...]
    source: str
    absent: frozenset[str] = frozenset()
    idle: frozenset[str] | None = None
    middle: str | None = None
    presence: bool = False
    full: float = 1.0
    drawn_full: float | None = None
    quiet: float = 0.0
    certain: float = 1.0
    missing: tuple[float, float] = (0.0, 0.0)

    def word(self, value: float) -> str:
        """The word for `value`; a value on a bound takes the upper word."""
        return next(word for bound, word in self.steps if value < bound)

    def rank(self, word: str) -> int:
        """The position of `word`, 0 for the lowest."""
        return self.words().index(word)

    def words(self) -> tuple[str, ...]:
        """All words, lowest first."""
        return tuple(word for _, word in self.steps)

    def strength(self, value: float, full: float | None = None) -> float:
        """How far `value` lies from nothing to see, 0 to 1.

        Args:
            value: on this scale; a deviation where the scale is one of deviations.
            full: counts as 1 instead of the scale's own `full`, where an order or a drawing
                has to tell values apart that lie beyond it.
        """
        return min(abs(value) / (full or self.full), 1.0)

    def evidence(self, value: float) -> float:
        """How far `value` speaks for what its kind names, -1 to 1; below 0 it is low or missing.

        This is not `strength`: it keeps its sign, counts nothing below `quiet`, and is full where
        the literature on emotions calls a value plain (FACS D, two standard deviations).
        """
        if abs(value) < self.quiet:
            slope, offset = self.missing
            return slope * value + offset
        return max(-1.0, min(1.0, value / self.certain))


FACS = Scale(
    "facs",
    (
        (0.5, "absent"),
        (1.5, "trace"),
        (2.5, "slight"),
        (3.5, "marked"),
        (4.5, "severe"),
        (inf, "maximum"),
    ),
    "FACS intensity letters A-E as 1-5 (Ekman, Friesen, Hager 2002), halves rounded up",
    absent=frozenset({"absent"}),
    presence=True,
    full=5.0,
    quiet=0.5,
    certain=4.0,
    # A still face is weak evidence: most action units are absent in most emotions.
    missing=(0.0, -0.3),
)
DEVIATION = Scale(
    "deviation",
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
    middle="typical",
    full=3.0,
    quiet=0.5,
    certain=2.0,
)
LIKELIHOOD = Scale(
    "likelihood",
    (
        (0.01, "exceptionally unlikely"),
        (0.10, "very unlikely"),
        (0.33, "unlikely"),
        (0.66, "possible"),
        (0.90, "likely"),
        (inf, "very likely"),
    ),
    "IPCC calibrated language (Mastrandrea et al. 2010); 'about as likely as not' is 'possible'",
    absent=frozenset({"exceptionally unlikely", "very unlikely", "unlikely"}),
    # That an emotion is unlikely tells something too, so every score may have its line.
    idle=frozenset(),
    presence=True,
    quiet=0.33,
    missing=(1.0, -0.6),
)
BIPOLAR = Scale(
    "bipolar",
    ((-0.6, "very low"), (-0.2, "low"), (0.2, "neutral"), (0.6, "high"), (inf, "very high")),
    "five equal parts of [-1, 1], as the Self-Assessment Manikin's figures (Bradley, Lang 1994)",
    middle="neutral",
    quiet=0.2,
)
SHARE = Scale(
    "share",
    ((0.05, "almost none"), (0.25, "little"), (0.50, "some"), (0.75, "much"), (inf, "most")),
    "quarters of the time; under 5 % is called almost none",
    absent=frozenset({"almost none"}),
    quiet=0.25,
)
ANGLE = Scale(
    "angle",
    (
        (-20.0, "strongly negative"),
        (-8.0, "negative"),
        (8.0, "straight"),
        (20.0, "positive"),
        (inf, "strongly positive"),
    ),
    "degrees; 8 is about the error of landmark head pose, 20 the edge of a frontal view",
    idle=frozenset({"straight"}),
    full=40.0,
    drawn_full=30.0,
    # Where a head turns is no evidence of an emotion, however far it does.
    quiet=inf,
)
