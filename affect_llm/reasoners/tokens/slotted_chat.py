"""A chat's token ids with the places of its soft tokens."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from affect_llm.errors import PromptError
from affect_llm.fusion.slots import Slot, SlottedPrompt
from affect_llm.reasoners.tokens.chat import chat_ids, chat_text
from affect_llm.types import Message, Prompt, SoftTokens

_NAME = r"[a-z][a-z0-9_-]*"
FEATURES_LINE = re.compile(rf"^(Features:(?: {_NAME} <\|soft:{_NAME}\|>)+)$", re.MULTILINE)
"""The line that `prompting.reason` writes; a marker anywhere else is text, whoever wrote it."""
MARKER = re.compile(rf"<\|soft:({_NAME})\|>")


@dataclass(frozen=True, slots=True)
class TokenPrompt:
    """What a model reads, or has read so far.

    Args:
        chat: ids of the prompt and of the answer as far as it is written, and slots.
        soft: what stands in the slots; None on the text road.
    """

    chat: SlottedPrompt
    soft: SoftTokens | None = None

    @property
    def length(self) -> int:
        """How many tokens the model reads: those of the vocabulary and the soft ones in slots."""
        slots = {slot.track for slot in self.chat.slots}
        tracks = () if self.soft is None else self.soft.tracks
        return len(self.chat.ids) + sum(track in slots for track in tracks)

    def then(self, ids: Sequence[int]) -> "TokenPrompt":
        """The same with more of the answer."""
        return TokenPrompt(SlottedPrompt((*self.chat.ids, *ids), self.chat.slots), self.soft)


def slotted_prompt(tokenizer: Any, prompt: Prompt) -> SlottedPrompt:
    """Ids and slots of a prompt, as inference and training read it.

    Args:
        tokenizer: with `chat_control_tokens`, as `open_checkpoint` gives it.
        prompt: its slots are those of its line "Features: …", with or without soft tokens;
            without that line it has none.

    Raises:
        PromptError: soft tokens of a track that has no slot.
        CapabilityError: the chat template refuses the messages.
    """
    slotted = slotted_chat(tokenizer, prompt.messages)
    if prompt.soft_tokens is not None:
        homeless = set(prompt.soft_tokens.tracks) - {slot.track for slot in slotted.slots}
        if homeless:
            raise PromptError(
                f"The prompt '{prompt.id}' has soft tokens of '{min(homeless)}' and no slot for "
                "them. Name that track where the prompt is made."
            )
    return slotted


def slotted_chat(tokenizer: Any, messages: Sequence[Message]) -> SlottedPrompt:
    """Ids of the rendered chat, up to where the answer begins, and its slots."""
    lines = (FEATURES_LINE.search(message.content) for message in messages)
    line = next(filter(None, lines), None)
    if line is None:
        return SlottedPrompt(tuple(chat_ids(tokenizer, messages)), ())
    from transformers.utils.chat_template_utils import encode_marked_chat

    text, mark = chat_text(tokenizer, messages)
    head, copy, rest = text.partition(line[0])
    if not copy:
        raise PromptError("The chat template of this checkpoint changes the line of features.")
    marked, slots = head, []
    pieces = MARKER.split(line[0])
    for piece, track in zip(pieces[::2], pieces[1::2], strict=False):
        marked += piece + mark
        slots.append(Slot(track, len(encode_marked_chat(tokenizer, marked))))
    return SlottedPrompt(tuple(encode_marked_chat(tokenizer, marked + rest)), tuple(slots))
