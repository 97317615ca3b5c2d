"""Prompts, in words or with projected features, and the completions that answer them."""

from dataclasses import dataclass
from typing import Literal

from affect_llm.types.base import Modality, Model
from affect_llm.types.clip_media import ClipMedia
from affect_llm.types.features import SoftTokens


class Message(Model):
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """The question that a reasoner answers, with all that it is shown.

    Args:
        id: the prompt file's id, and `version` its version.
        messages: the chat, without the answer.
        answer_schema: a JSON Schema the answer must follow; None for free text.
        labels: the closed set whose probabilities are wanted; empty for none.
        label_prefix: the answer up to the label ('{"label":"'); label tokens are scored after it.
        soft_tokens: projected features, if the projected road was taken.
        media: the clip's own pictures and sound, for a reasoner that reads them.
        hidden: modalities whose cues the sheet has and the prompt does not show; what they score
            by themselves then counts for nothing either.
    """

    id: str
    version: int
    messages: tuple[Message, ...]
    answer_schema: dict[str, object] | None = None
    labels: tuple[str, ...] = ()
    label_prefix: str = ""
    soft_tokens: SoftTokens | None = None
    media: ClipMedia | None = None
    hidden: frozenset[Modality] = frozenset()


class Usage(Model):
    """How many tokens a reasoner read and wrote."""

    prompt_tokens: int
    completion_tokens: int


class Completion(Model):
    """The text that a reasoner answers a prompt with.

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
