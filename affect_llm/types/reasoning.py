"""What a reasoner is asked, by words or by projected features, and what it says."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from affect_llm.types.base import Modality, Model, TimeSpan


@dataclass(frozen=True, slots=True)
class Features:
    """`array` (T, D) float32 with the time of each row, `times_s` (T,)."""

    modality: Modality
    array: NDArray[np.float32]
    times_s: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SoftTokens:
    """`array` (N, D) float32 in the LLM's width, with the span each token speaks of."""

    array: NDArray[np.float32]
    spans: tuple[TimeSpan, ...]


class Message(Model):
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a reasoner is asked.

    Args:
        id: the prompt file's id, and `version` its version.
        messages: the chat, without the answer.
        answer_schema: a JSON Schema the answer must follow; None for free text.
        labels: the closed set whose probabilities are wanted; empty for none.
        label_prefix: the answer up to the label ('{"label":"'); label tokens are scored after it.
        soft_tokens: projected features, if the embedding road was taken.
    """

    id: str
    version: int
    messages: tuple[Message, ...]
    answer_schema: dict[str, object] | None = None
    labels: tuple[str, ...] = ()
    label_prefix: str = ""
    soft_tokens: SoftTokens | None = None


class Usage(Model):
    """Tokens read and written."""

    prompt_tokens: int
    completion_tokens: int


class Completion(Model):
    """What a reasoner said.

    Args:
        text: raw, unparsed.
        label_logprobs: natural-log probability of each label of the prompt, normalised over the
            set; None where the backend cannot tell.
        finish: "stop" when the answer ended by itself, "length" when it was cut.
        model: `name@revision#hash` of what answered.
    """

    text: str
    label_logprobs: dict[str, float] | None = None
    usage: Usage
    finish: Literal["stop", "length"]
    model: str
