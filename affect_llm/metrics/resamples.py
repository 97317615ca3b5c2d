"""Items drawn again by whole groups.

Items of one speaker or dialogue resemble one another, so whole groups are drawn with
replacement (Cameron, Gelbach and Miller 2008, section II; Efron and Tibshirani 1993, ch. 13).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Groups:
    """n items sorted into g groups, in order of first appearance.

    Args:
        code: (n,) the group of each item, 0 to g - 1.
        order: (n,) the items, group after group.
        start: (g,) where each group begins in `order`.
        size: (g,) how many items each group has.
    """

    code: Indices
    order: Indices
    start: Indices
    size: Indices

    def items(self, drawn: Indices) -> Indices:
        """The items of the groups `drawn`, one group after another, repeats included."""
        size = self.size[drawn]
        ends = np.cumsum(size)
        within = np.arange(size.sum()) - np.repeat(ends - size, size)
        return np.asarray(self.order[np.repeat(self.start[drawn], size) + within])


def grouped(groups: Sequence[str]) -> Groups:
    """The groups of n items, one name per item."""
    number: dict[str, int] = {}
    code = np.array([number.setdefault(name, len(number)) for name in groups], dtype=np.intp)
    size = np.bincount(code).astype(np.intp)
    order = np.argsort(code, kind="stable").astype(np.intp)
    return Groups(code=code, order=order, start=(np.cumsum(size) - size).astype(np.intp), size=size)


def group_draws(groups: Groups, rng: np.random.Generator, draws: int) -> Iterator[Indices]:
    """The items of each of `draws` resamples: as many groups as there are, with replacement.

    Raises:
        DataError: `draws` is below 1.
    """
    if draws < 1:
        raise DataError(f"Resampling needs 1 draw or more, not {draws}.")
    count = len(groups.size)
    for _ in range(draws):
        yield groups.items(rng.integers(count, size=count))
