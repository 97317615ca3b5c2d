"""Which of two descriptions people prefer, and whether a model's choice depends on the order.

As in EmoPrefer (Lian et al., MER2026 track 3): a judge sees two descriptions of one clip and names
the better one. Each pair is shown twice, the second time in the other order; a judge that goes
by content names the same description both times, one that goes by position the same place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from affect_llm.metrics.rows import known, same_length

Place = Literal["first", "second"]
PLACES = ("first", "second")
OTHER: dict[str | None, str | None] = {"first": "second", "second": "first", None: None}


@dataclass(frozen=True, slots=True)
class PreferenceAgreement:
    """How a judge's choices go with people's.

    Args:
        n: pairs.
        as_given, swapped: share of pairs with the people's choice, in each order, 0 to 1. An
            unparsed answer agrees with nobody.
        agreement: the mean of both; a fair coin and a judge that always says "first" get .5.
        consistent: share of pairs where both orders named the same description.
        robust: share of pairs where both orders named the people's choice.
        position_bias: how much oftener than half of the parsed answers named the first place,
            -.5 to .5; 0 without bias, None where none was parsed.
        unparsed: answers, out of 2 n, that named no place.
    """

    n: int
    as_given: float
    swapped: float
    agreement: float
    consistent: float
    robust: float
    position_bias: float | None
    unparsed: int


def preference_agreement(
    human: Sequence[str], as_given: Sequence[str | None], swapped: Sequence[str | None]
) -> PreferenceAgreement | None:
    """Agreement and position bias over n pairs; None without pairs.

    Args:
        human: "first" or "second": the description that people prefer, in the given order.
        as_given: the place that the judge named in the given order; None for an unparsed answer.
        swapped: the place that it named when the same pair was shown in the other order, as it
            was shown then: "first" is the description that was second in the given order.

    Raises:
        DataError: lengths differ, or a place is neither "first" nor "second".
    """
    same_length(human, "human choices", as_given, "answers in the given order")
    same_length(human, "human choices", swapped, "answers in the swapped order")
    known(human, PLACES, "human choices")
    known(as_given, PLACES, "answers in the given order", unanswered=True)
    known(swapped, PLACES, "answers in the swapped order", unanswered=True)
    if len(human) == 0:
        return None
    # The swapped answers as places in the given order.
    given, turned, n = list(as_given), [OTHER[place] for place in swapped], len(human)
    one = sum(h == g for h, g in zip(human, given, strict=True))
    two = sum(h == t for h, t in zip(human, turned, strict=True))
    same = [g for g, t in zip(given, turned, strict=True) if g == t]
    both = sum(h == g == t for h, g, t in zip(human, given, turned, strict=True))
    firsts = given.count("first") + turned.count("second")
    unparsed = given.count(None) + turned.count(None)
    parsed = 2 * n - unparsed
    return PreferenceAgreement(
        n=n,
        as_given=one / n,
        swapped=two / n,
        agreement=(one + two) / (2 * n),
        consistent=sum(place is not None for place in same) / n,
        robust=both / n,
        position_bias=firsts / parsed - 0.5 if parsed else None,
        unparsed=unparsed,
    )
