"""A kind of cue: how its values are printed and put into words, and what they are about."""

from dataclasses import dataclass

from affect_llm.cues.scales import Scale
from affect_llm.types import Modality

EMOTIONS = ("anger", "calm", "disgust", "fear", "happiness", "neutral", "sadness", "surprise")
"""The emotions that the heads of face and voice score; a head may leave some out."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a value is counted in, and how it is printed.

    Args:
        name: as in `Measurement.unit`.
        digits: after the decimal point, in a prompt.
        line: what follows the number in a prompt; None for the name.
        report: what follows it in a report; None for the name.
        fraction: whether 0.5 may also be said as 50 %.
        percent: whether a report says it so.
    """

    name: str
    digits: int = 1
    line: str | None = None
    report: str | None = None
    fraction: bool = False
    percent: bool = False

    def in_line(self, value: float) -> str:
        """The value as a prompt prints it."""
        return f"{value:.{self.digits}f}{f' {self.name}' if self.line is None else self.line}"


FACS_0_5 = Unit("FACS 0-5", report=" of 5")
PROBABILITY = Unit("p", 2, line="", report="", fraction=True)
SHARE_OF_TIME = Unit("share", 2, fraction=True, percent=True)
MINUS_1_TO_1 = Unit("-1..1", 2, line="", report="")
DEGREES = Unit("deg", 0, report="°")
TEXT = Unit("text")


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Kinds that share a number of lines in a prompt; the strongest of their cues take them."""

    name: str
    lines: int


OTHER = LineGroup("other", 4)
"""The kinds of face and voice that come one at a time: gaze, head, blinking, arousal, valence."""


@dataclass(frozen=True, slots=True)
class CueKind:
    """What can be measured: its unit, its words, and what it has to do with an emotion.

    Args:
        name: unique; the prefix before a dot groups kinds ("pitch.mean").
        modality: the channel that it comes through.
        family: one word that lines and lanes are headed by: face, gaze, prosody, words …
        phrase: a noun phrase for sentences ("lip corner puller").
        measured_in: the unit of its values.
        scale: words for the value, or for its deviation from the baseline where `relative`;
            None where the value is a text.
        relative: whether words describe the deviation instead of the value.
        score: the emotion that the value is the probability of.
        code: what the field calls it beside its phrase ("AU12").
        steady: whether it counts fully, whatever its value.
        labelled: whether the value is a label that sentences repeat ("office"); any other text
            is the clip's own words, and quoted.
        group: with whom it shares lines of a prompt; None for the others of its family.
    """

    name: str
    modality: Modality
    family: str
    phrase: str
    measured_in: Unit
    scale: Scale | None
    relative: bool = False
    score: str | None = None
    code: str | None = None
    steady: bool = False
    labelled: bool = False
    group: LineGroup | None = None

    @property
    def unit(self) -> str:
        """The name of the unit, as in `Measurement.unit`."""
        return self.measured_in.name

    @property
    def quoted(self) -> bool:
        """Whether its values are the clip's own words."""
        return self.scale is None and not self.labelled

    @property
    def lines(self) -> LineGroup:
        """The group it shares lines of a prompt with; its family has four where nobody has said."""
        return self.group or LineGroup(self.family, 4)
