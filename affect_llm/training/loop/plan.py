"""Which examples make a step; the number of steps is that of every epoch.

Places are planned once from the lengths; each epoch then deals the examples out among the places
of their own length class, so that neighbours change and no row overflows by much.
"""

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Batching = Literal["packed", "by_length", "random"]
_CLASSES = 16
"""Classes of length to a doubling: within a twentieth, lengths are as good as equal."""
PlacedRow = tuple[int, ...]
Step = tuple[PlacedRow, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of an epoch as rows of places; a row of one place is one example.

    Args:
        steps: place numbers; every place occurs once.
        lengths: of the examples, which are as many as the places.
        mixes: whether any example may take any place.
    """

    steps: tuple[Step, ...]
    lengths: tuple[int, ...]
    mixes: bool

    def epoch(self, seed: int, epoch: int) -> list[Step]:
        """The steps of an epoch, in its order, with examples in the places."""
        rng = random.Random(f"{seed} {epoch}")
        classes: dict[int, list[int]] = defaultdict(list)
        for index, length in enumerate(self.lengths):
            length_class = 0 if self.mixes else int(_CLASSES * math.log2(max(length, 1)))
            classes[length_class].append(index)
        taken: dict[int, int] = {}
        for places in classes.values():
            taken |= dict(zip(places, rng.sample(places, k=len(places)), strict=True))
        steps = [tuple(tuple(taken[p] for p in row) for row in step) for step in self.steps]
        rng.shuffle(steps)
        return steps


def plan_steps(
    lengths: Sequence[int], batching: Batching, *, tokens: int, row: int, size: int
) -> Plan:
    """Plan the steps for examples of these lengths.

    Args:
        lengths: in tokens, the most that each can have.
        batching: "packed" puts several examples into a row, "by_length" pads examples of like
            length, "random" pads any.
        tokens: of a step of "packed" and "by_length".
        row: room of a row of "packed".
        size: examples of a step of "random".
    """
    if batching == "random":
        places = list(range(len(lengths)))
        steps = [places[n : n + size] for n in range(0, len(places), size)]
        return Plan(tuple(tuple((i,) for i in s) for s in steps), tuple(lengths), mixes=True)
    if batching == "packed":
        bins = first_fit(lengths, row)
        per_step = max(1, tokens // row)
        groups = [bins[n : n + per_step] for n in range(0, len(bins), per_step)]
        packed = tuple(tuple(tuple(b) for b in group) for group in groups)
        return Plan(packed, tuple(lengths), mixes=False)
    return plan_by_length(lengths, tokens)


def plan_by_length(lengths: Sequence[int], tokens: int) -> Plan:
    """Put examples of like length together, no step over `tokens` when padded."""
    steps: list[list[PlacedRow]] = [[]]
    for index in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if steps[-1] and lengths[index] * (len(steps[-1]) + 1) > tokens:
            steps.append([])
        steps[-1].append((index,))
    return Plan(tuple(tuple(step) for step in steps if step), tuple(lengths), mixes=False)


def first_fit(lengths: Sequence[int], room: int) -> list[list[int]]:
    """Put items into bins whose lengths sum to at most `room`; a bin holds indices.

    Longest first, each into the first bin with room (Johnson 1974, 11/9 of the fewest bins at
    most); an item that is longer than the room has a bin of its own.
    """
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    bins: list[list[int]] = []
    left: list[int] = []
    open_from = 0
    for item in order:
        while open_from < len(bins) and left[open_from] == 0:
            open_from += 1
        fitting = (i for i in range(open_from, len(left)) if left[i] >= lengths[item])
        place = next(fitting, None)
        if place is None:
            bins.append([item])
            left.append(max(room - lengths[item], 0))
        else:
            bins[place].append(item)
            left[place] -= lengths[item]
    return bins
