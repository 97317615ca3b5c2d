"""Intervals of every metric of a report at once, from shared draws; and shuffled predictions."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from affect_llm.evaluation.scored_file.task import Index, Name, Values
from affect_llm.metrics.bootstrap import UNDEFINED_AT_MOST, central
from affect_llm.metrics.resamples import Groups, group_draws

Interval = tuple[float, float]
SEED = 20_26
LEVEL = 0.95
DRAWS = 1000
FEWEST = 200
"""Draws of very large files, whose intervals are narrow anyway."""
_WORK = 20_000_000


def draws_for(items: int) -> int:
    """How often to draw from so many items."""
    return max(FEWEST, min(DRAWS, _WORK // max(1, items)))


def intervals(
    again: Callable[[Index], Values], groups: Groups, draws: int
) -> Mapping[Name, Interval | None]:
    """Central 95 % of every metric over draws of whole groups.

    None where the metric is undefined in more than a tenth of the draws; nothing at all with
    fewer than two groups.
    """
    if len(groups.size) < 2:
        return {}
    drawn = [again(items) for items in group_draws(groups, np.random.default_rng(SEED), draws)]
    return {name: _middle([values[name] for values in drawn]) for name in drawn[0]}


def _middle(values: Sequence[float | None]) -> Interval | None:
    defined = [value for value in values if value is not None]
    if len(values) - len(defined) > UNDEFINED_AT_MOST * len(values):
        return None
    return central(defined, LEVEL)


def shuffles(items: int, times: int, most: int) -> Iterator[tuple[Index, Index]]:
    """`times` pairs of equally long index rows: items, and whose prediction each is given.

    Of more than `most` items, as many are drawn each time.
    """
    rng = np.random.default_rng(SEED)
    for _ in range(times):
        chosen = rng.permutation(items)[:most]
        yield chosen, rng.permutation(items)[: len(chosen)]
