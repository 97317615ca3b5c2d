"""What a vLLM does for a prompt of token ids, over HTTP or in this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt

MOST_SCORED = 128
"""Token ids that vLLM scores in one request (its limit on `logprob_token_ids`)."""


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """An answer that was written at one go.

    Args:
        text: what it says.
        tokens: how many it took, without the one that ends it.
        cut: whether it ended because it had no more room.
    """

    text: str
    tokens: int
    cut: bool

    @classmethod
    def counted(cls, text: str, tokens: int, finish: str) -> "WrittenAnswer":
        """An answer as vLLM counts it: with the token that ends it, if it has come to its end."""
        cut = finish == "length"
        return cls(text, tokens - (not cut), cut)


Scoring = tuple[TokenPrompt, Sequence[int]]
"""A prompt, and the tokens whose probabilities after it are wanted."""
Writing = tuple[TokenPrompt, dict[str, object] | None, int]
"""A prompt, the JSON Schema of its answer (None for free text), and most tokens."""


class TokenModel(Protocol):
    """One served model, with the LoRA module that is on it."""

    def logprobs(self, scorings: Sequence[Scoring]) -> list[dict[int, float]]:
        """Natural-log probabilities, over the whole vocabulary, of the given next tokens."""

    def write(self, writings: Sequence[Writing]) -> list[WrittenAnswer]:
        """Greedy answers, in order."""


def scorable(ids: Sequence[int]) -> list[list[int]]:
    """The `ids` in lists that vLLM scores in one request each."""
    return [list(ids[start : start + MOST_SCORED]) for start in range(0, len(ids), MOST_SCORED)]
