"""Rules for whether a cue bears out the level that a sentence claims."""

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.cues.scales import Scale
from affect_llm.prompting.checker.lexicon import bearing
from affect_llm.types import Cue

_WEAK = ("slight", "trace")
_GREAT = ("strong", "maximum")


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
    return word_of(cue) in allowed_words(scale, level, degree, negated)


def allowed_words(
    scale: Scale, level: str, degree: str | None, negated: bool = False
) -> frozenset[str]:
    """The words of `scale` that bear out a claim; all of them where it claims no level."""
    every = frozenset(scale.words())
    if negated and degree in (*_WEAK, "present"):
        degree = None  # "no hint of a smile" denies every smile, not only faint ones
    if _merely_mentioned(scale, level, degree):
        return every
    row = _coloured(scale, level, degree)
    table = bearing().get(scale.name)
    allowed = _general(scale, row) if table is None else table.get(row, every)
    return every - allowed if negated and allowed != every else allowed


def _merely_mentioned(scale: Scale, level: str, degree: str | None) -> bool:
    return level == "mention" and degree is None and scale.middle is not None


def _coloured(scale: Scale, level: str, degree: str | None) -> str:
    """The row of the table for a level and its degree: "very high", "slight"."""
    if degree is None or level == "absent":
        return level
    if scale.middle is not None:
        if level == "mention":
            # "Strong pitch" says that it is high; "slight pitch" does not say which way.
            return "high" if degree in (*_GREAT, "marked") else level
        prefix = {**dict.fromkeys(_WEAK, "slightly "), **dict.fromkeys(_GREAT, "very ")}
        return prefix.get(degree, "") + level
    return level if degree in ("present", "typical") else degree


def _general(scale: Scale, row: str) -> frozenset[str]:
    """The rule for scales without a table: a word bears out itself and its neighbours.

    What is there is never borne out by what is absent, nor the other way round.
    """
    words = scale.words()
    row = row if row in words else row.removeprefix("very ").removeprefix("slightly ")
    present = [word for word in words if word not in scale.absent]
    if row in words:
        near = words[max(scale.rank(row) - 1, 0) : scale.rank(row) + 2]
        return frozenset(w for w in near if (w in scale.absent) is (row in scale.absent))
    half = (len(present) + 1) // 2
    ranges = {
        "absent": scale.absent,
        "typical": {scale.middle or ""},
        "low": {*scale.absent, *present[:half]},
        **dict.fromkeys(("trace", "slight"), present[:half]),
        **dict.fromkeys(("marked", "strong", "maximum", "high"), present[-half:]),
    }
    return frozenset(ranges.get(row, present))
