"""Whether a cue bears out a claimed level."""

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.cues.scales import ANGLE, BIPOLAR, DEVIATION, FACS, LIKELIHOOD, SHARE, Scale
from affect_llm.prompting.checker.lexicon import bearing
from affect_llm.types import Cue

_NAMES = (
    (FACS, "facs"),
    (DEVIATION, "deviation"),
    (LIKELIHOOD, "likelihood"),
    (BIPOLAR, "bipolar"),
    (SHARE, "share"),
    (ANGLE, "angle"),
)
_WEAK = ("slight", "trace")
_GREAT = ("strong", "maximum")


def scale_name(scale: Scale) -> str:
    """The name under which `scales.yaml` has a scale."""
    return next(name for known, name in _NAMES if known is scale)


def bears_out(cue: Cue, level: str, degree: str | None, negated: bool) -> bool:
    """Whether the cue's word is among those that the claim allows.

    Args:
        cue: a cue of the kind that the claim is about.
        level: high, low, typical, present, absent, mention or a word of the scale.
        degree: what colours it: trace, slight, marked, strong, maximum or a share.
        negated: whether the claim is denied.
    """
    scale = kind_of(cue.name).scale
    if scale is None or _merely_mentioned(scale, level, degree):
        return True
    word = word_of(cue)
    return word is not None and word in allowed_words(scale, level, degree, negated)


def allowed_words(
    scale: Scale, level: str, degree: str | None, negated: bool = False
) -> frozenset[str]:
    """The words of `scale` that bear out a claim; all of them where it claims no level."""
    every = frozenset(scale.words())
    if negated and degree in (*_WEAK, "present"):
        degree = None  # "no hint of a smile" denies every smile, not only faint ones
    if _merely_mentioned(scale, level, degree):
        return every
    allowed = bearing()[scale_name(scale)].get(_coloured(scale, level, degree), every)
    return every - allowed if negated and allowed != every else allowed


def _merely_mentioned(scale: Scale, level: str, degree: str | None) -> bool:
    return level == "mention" and degree is None and scale in (DEVIATION, BIPOLAR)


def _coloured(scale: Scale, level: str, degree: str | None) -> str:
    """The row of the table for a level and its degree: "very high", "slight"."""
    if degree is None or level == "absent":
        return level
    if scale in (DEVIATION, BIPOLAR):
        if level == "mention":
            return "high" if degree in (*_GREAT, "marked") else level
        prefix = {**dict.fromkeys(_WEAK, "slightly "), **dict.fromkeys(_GREAT, "very ")}
        return prefix.get(degree, "") + level
    return level if degree in ("present", "typical") else degree
