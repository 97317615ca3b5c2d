"""The examples of each epoch of pre-training, as the shared steps ask for them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from affect_llm.training.loop.batches import Example

Draw = Callable[[int], Sequence[Example]]
"""A function from an epoch to its examples: as many in every epoch, always the same for one."""


class Drawn:
    """A `Maker` over examples that every epoch may draw anew.

    They are numbered by length, so that those of one number are of like length in all epochs and
    steps that were planned from the first epoch fit every other.

    Args:
        draw: gives an epoch's examples.
        kept: share of an answer's plain tokens that are learned, drawn anew in every epoch.
        seed: of that draw.
    """

    def __init__(self, draw: Draw, kept: float, seed: int) -> None:
        self._draw = draw
        self._kept = kept
        self._seed = seed
        self._turn(0)

    @property
    def lengths(self) -> list[int]:
        """Tokens of this epoch's examples, in rising order."""
        return [len(example.prompt.ids) for example in self._examples]

    def __call__(self, index: int, epoch: int) -> Example:
        """The example of a number as this epoch shows it."""
        if epoch != self._epoch:
            self._turn(epoch)
        rng = random.Random(f"{self._seed} {epoch} {index}")
        return thinned(self._examples[index], self._kept, rng)

    def _turn(self, epoch: int) -> None:
        self._epoch = epoch
        self._examples = sorted(self._draw(epoch), key=lambda e: len(e.prompt.ids))


def thinned(example: Example, kept: float, rng: random.Random) -> Example:
    """The example with a share of its plain tokens learned; what weighs more than 1 always is."""
    weights = (w if w > 1 or (w and rng.random() < kept) else 0.0 for w in example.weights)
    return replace(example, weights=tuple(weights))
