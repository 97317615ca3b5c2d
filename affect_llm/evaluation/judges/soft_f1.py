"""F of two sets whose members may be more or less alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pairing:
    """The best pairing of two sets.

    Args:
        pairs: (index in the first, index in the second, affinity above 0).
        f: harmonic mean of the credit per member of either set, 0 to 1; 0 where one is empty.
    """

    pairs: tuple[tuple[int, int, float], ...]
    f: float


def best_pairing(
    one: Sequence[T], other: Sequence[T], affinity: Callable[[T, T], float]
) -> Pairing:
    """Pair members one to one so that their affinities sum to the most.

    With credit c, precision is c/|other| and recall c/|one|, so F is 2c/(|one| + |other|): a
    Dice coefficient with partial credit (soft cardinality of a matching; Dice 1945).
    """
    if not one or not other:
        return Pairing((), 0.0)
    from scipy.optimize import linear_sum_assignment

    table = np.array([[affinity(a, b) for b in other] for a in one])
    matched = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    pairs = tuple((int(r), int(c), float(table[r, c])) for r, c in matched if table[r, c] > 0)
    credit = sum(weight for *_, weight in pairs)
    return Pairing(pairs, 2 * credit / (len(one) + len(other)))
