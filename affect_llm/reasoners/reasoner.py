"""The interface of every reasoner."""

from collections.abc import Sequence
from typing import Literal, Protocol

from affect_llm.prompting.calibration import Calibration
from affect_llm.types import Completion, Prompt

Capability = Literal["label_logprobs", "constrained", "writes", "soft_tokens", "media"]
"""What a backend can do; one that "writes" makes its own sentences, others choose theirs."""


class Reasoner(Protocol):
    """Answers prompts; greedy and deterministic unless it says otherwise."""

    name: str
    """The name of its `ReasonerSpec`."""
    capabilities: frozenset[Capability]
    calibration: Calibration | None
    """Fitted on held-out data for this very model; None where nobody has."""
    context_tokens: int
    """Longest prompt plus answer it can take."""

    @property
    def batch_size(self) -> int | None:
        """Prompts it remembers between the steps of an answer; None where it remembers none."""

    @property
    def media_tracks(self) -> tuple[str, ...]:
        """The clip's own tracks, "video" and "audio", that it takes; none without "media"."""

    def count_tokens(self, text: str) -> int:
        """Length of `text` in this model's tokens."""

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        """One completion per prompt, in order.

        Where a prompt has an `answer_schema` and the backend is "constrained", the text is JSON
        that follows it (unless `finish` is "length"). Where it has `labels` and the backend
        gives "label_logprobs", `text` carries the most probable label after `label_prefix`.
        """
