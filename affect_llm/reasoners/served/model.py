"""What a vLLM does for a prompt of token ids, over HTTP or in this process."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.types import SoftTokens

MOST_SCORED = 128
"""Token ids that vLLM scores in one request (`logprob_token_ids`)."""
MOST_ALLOWED = 1024
"""Token ids that vLLM chooses among in one request (`allowed_token_ids`)."""


@dataclass(frozen=True, slots=True)
class TokenPrompt:
    """What the model has read so far.

    Args:
        chat: ids of the prompt and of the answer as far as it is written, and slots.
        soft: what stands in the slots; None on the text road.
    """

    chat: SlottedPrompt
    soft: SoftTokens | None = None

    def then(self, ids: Sequence[int]) -> "TokenPrompt":
        """The same with more of the answer."""
        longer = SlottedPrompt((*self.chat.ids, *ids), self.chat.slots)
        return replace(self, chat=longer)


@dataclass(frozen=True, slots=True)
class Written:
    """An answer that was written at one go."""

    text: str
    tokens: int
    cut: bool


Asked = tuple[TokenPrompt, Sequence[int]]
"""A prompt, and the tokens that are allowed or of interest next."""
Writing = tuple[TokenPrompt, dict[str, object] | None, int]
"""A prompt, the JSON Schema of its answer (None for free text), and most tokens."""


class TokenModel(Protocol):
    """One served model, with the LoRA module that is on it."""

    def best(self, asked: Sequence[Asked]) -> list[int]:
        """The most probable next token of each prompt among those allowed."""
        ...

    def logprobs(self, asked: Sequence[Asked]) -> list[dict[int, float]]:
        """Natural-log probabilities, over the whole vocabulary, of the given next tokens."""
        ...

    def write(self, asked: Sequence[Writing]) -> list[Written]:
        """Greedy answers."""
        ...


def pieces(ids: Sequence[int], most: int) -> Iterator[list[int]]:
    """`ids` in lists of at most `most`."""
    for start in range(0, len(ids), most):
        yield list(ids[start : start + most])
