"""Examples and batches of them; steps are a dataset whose items are whole batches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from torch.utils.data import Dataset

from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.training.loop.plan import Plan
from affect_llm.types import Features


@dataclass(frozen=True, slots=True)
class Example:
    """Tokens of a prompt and its answer, and which of them are learned.

    Args:
        prompt: all tokens, and the slots of the tracks among them.
        weights: loss weight of each token, 0 for the prompt.
        clip: features by track for the slots; empty on the text road.
        key: what it is known by: its place in the data, or its text where a teacher has read it.
    """

    prompt: SlottedPrompt
    weights: tuple[float, ...]
    clip: Mapping[str, Features] = field(default_factory=dict)
    key: str = ""

    def __post_init__(self) -> None:
        if len(self.weights) != len(self.prompt.ids):
            raise ValueError("an example has a weight for every token")

    @property
    def begins(self) -> int:
        """The index of the first token that is learned."""
        return next(i for i, weight in enumerate(self.weights) if weight)

    @property
    def learned(self) -> float:
        """The sum of the weights, by which a batch's loss is divided."""
        return sum(self.weights)


Maker = Callable[[int, int], Example]
"""A function from (example, epoch) to the example as that epoch shows it, always the same."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples of one forward pass.

    Args:
        examples: in the order of the rows.
        rows: which of them lie in one row, by their place in `examples`.
    """

    examples: tuple[Example, ...]
    rows: tuple[tuple[int, ...], ...]

    @property
    def learned(self) -> float:
        """The sum of all loss weights."""
        return sum(example.learned for example in self.examples)

    @property
    def tokens(self) -> int:
        """The number of real tokens, without soft ones."""
        return sum(len(example.prompt.ids) for example in self.examples)


class Steps(Dataset[Batch]):
    """The batches of an epoch, made anew in each; `set_epoch` turns to another one."""

    def __init__(self, plan: Plan, make: Maker, seed: int) -> None:
        self._plan = plan
        self._make = make
        self._seed = seed
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Deal the examples out for this epoch."""
        self._epoch = epoch
        self._steps = self._plan.epoch(self._seed, epoch)

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, index: int) -> Batch:
        step = self._steps[index]
        examples = [self._make(item, self._epoch) for row in step for item in row]
        return batch_of(examples, [len(row) for row in step])


def batch_of(examples: Sequence[Example], sizes: Sequence[int] | None = None) -> Batch:
    """A batch whose rows hold so many examples each; one each where no sizes are given."""
    rows, at = [], 0
    for size in sizes or [1] * len(examples):
        rows.append(tuple(range(at, at + size)))
        at += size
    return Batch(tuple(examples), tuple(rows))
