"""A training example: tokens of a prompt and its answer, and which of them are learned."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.types import Features


@dataclass(frozen=True, slots=True)
class Example:
    """One prompt with its answer.

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
        """Index of the first token that is learned."""
        return next(i for i, weight in enumerate(self.weights) if weight)

    @property
    def learned(self) -> float:
        """Sum of the weights; what a batch's loss is divided by."""
        return sum(self.weights)
