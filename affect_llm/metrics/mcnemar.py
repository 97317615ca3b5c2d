"""McNemar's exact test: which of two systems is right where only one of them is?

McNemar 1947 with the binomial distribution instead of chi squared. Items are taken as
independent; where they come in groups (speakers, dialogues), use `swap_test` instead.
"""

from dataclasses import dataclass

from affect_llm.metrics.rows import Flags, flags, same_length


@dataclass(frozen=True, slots=True)
class McNemar:
    """What the test found.

    Args:
        only_first: items that only the first system has right.
        only_second: items that only the second has right.
        p_value: two-sided, above 0 and at most 1; 1 where both systems are right together.
    """

    only_first: int
    only_second: int
    p_value: float


def mcnemar_exact(first_right: Flags, second_right: Flags) -> McNemar | None:
    """Tests whether two systems are right equally often; None without items.

    p = min(1, 2 P(X <= min(b, c))) with X binomial over b + c items at one half, where b and c
    count the items that only one of the two has right.

    Args:
        first_right: whether the first system has each of n items right.
        second_right: whether the second has.

    Raises:
        DataError: lengths differ, or an outcome is neither true nor false.
    """
    same_length(first_right, "outcomes of the first system", second_right, "of the second")
    if len(first_right) == 0:
        return None
    first, second = flags(first_right, "first outcomes"), flags(second_right, "second outcomes")
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    return McNemar(only_first, only_second, _two_sided(only_first, only_second))


def _two_sided(b: int, c: int) -> float:
    ways = term = 1
    for hits in range(1, min(b, c) + 1):
        term = term * (b + c - hits + 1) // hits
        ways += term
    return float(min(1.0, ways / 2 ** (b + c - 1)))
