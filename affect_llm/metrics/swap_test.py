"""Paired randomisation tests: would the difference be as large if the names were swapped?

If two systems are equally good, it doesn't matter which of their answers to an item bears whose
name. Names are swapped by whole groups, because items of one speaker are not independent
(Edgington and Onghena 2007, ch. 6; Yeh 2000 for F1). p is the share of swaps whose difference is
at least as large either way. All swaps are tried where they are no more than `draws` (exact);
otherwise `draws` random ones, the observed one counted among them, so that p is never 0
(Phipson and Smyth 2010, equation 2). Of accuracy with every item its own group this is McNemar's
exact test.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.metrics.resamples import grouped

Flags = NDArray[np.bool_]
TIE = 1e-9
"""Differences closer than this, relative to the largest one found, count as equal: sums in
another order differ in the last digits."""


@dataclass(frozen=True, slots=True)
class SwapTest:
    """What a randomisation test found.

    Args:
        difference: first minus second, as observed.
        p_value: two-sided, above 0 and at most 1.
        swaps: how many were tried, the observed one included.
        exact: whether they were all that there are.
    """

    difference: float
    p_value: float
    swaps: int
    exact: bool


def swap_test(
    difference: Callable[[Flags], float | None],
    groups: Sequence[str],
    rng: np.random.Generator,
    draws: int = 10_000,
) -> SwapTest | None:
    """Tests any difference of two systems on the same n items.

    Args:
        difference: first minus second, when the answers to the items marked True are swapped.
        groups: the group of each item; groups are swapped whole.
        rng: drawn from; the same state gives the same p.
        draws: random swaps, at least 1; the smallest p is 1 / (draws + 1).

    Returns:
        None without items, or where the difference is undefined as observed. A swap in which it
        is undefined counts as one at least as large, which errs on the safe side.

    Raises:
        DataError: `draws` is below 1.
    """
    if draws < 1:
        raise DataError(f"A swap test needs 1 draw or more, not {draws}.")
    members = grouped(groups)
    observed = difference(np.zeros(len(groups), dtype=np.bool_)) if len(groups) else None
    if observed is None:
        return None
    count = len(members.size)
    exact = 2**count <= draws
    swaps = (
        (np.array([n >> group & 1 for group in range(count)], np.bool_) for n in range(2**count))
        if exact
        else (rng.integers(2, size=count).astype(np.bool_) for _ in range(draws))
    )
    values = [difference(swap[members.code]) for swap in swaps]
    largest = max(abs(value) for value in (observed, *values) if value is not None)
    bar = abs(observed) - TIE * largest
    extreme = sum(value is None or abs(value) >= bar for value in values) + (not exact)
    tried = len(values) + (not exact)
    return SwapTest(observed, extreme / tried, tried, exact)
