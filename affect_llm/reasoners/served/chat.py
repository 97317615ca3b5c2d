"""A prompt as the token ids that go to vLLM, also beside the older transformers that vLLM wants."""

import inspect
import re
from typing import Any

from affect_llm.fusion.slots import Slot, SlottedPrompt
from affect_llm.reasoners.tokens.chat import chat_ids, rendered_chat
from affect_llm.reasoners.tokens.slotted_chat import FEATURES_LINE, MARKER, slotted_prompt
from affect_llm.types import Message, Prompt

_NO_WIDTH = "\u2060"
"""The word joiner: no reader sees it, and no control token is spelt with it."""


def served_chat(tokenizer: Any, prompt: Prompt) -> SlottedPrompt:
    """The ids and slots that `slotted_prompt` gives, with any transformers.

    Those before 5.23 cannot encode a control token as text. There a blank of no width is
    put into each one that stands in a message, so that it cannot steer the model either.

    Raises:
        PromptError, CapabilityError: see `slotted_prompt`.
    """
    if "sanitize_control_tokens" in inspect.signature(tokenizer.apply_chat_template).parameters:
        return slotted_prompt(tokenizer, prompt)
    messages = [_defused(tokenizer, message) for message in prompt.messages]
    if not any(FEATURES_LINE.search(message.content) for message in messages):
        return SlottedPrompt(tuple(chat_ids(tokenizer, messages)), ())
    first, *rest = MARKER.split(rendered_chat(tokenizer, messages, tokenize=False))
    ids, slots = _encoded(tokenizer, first), []
    line_break = _encoded(tokenizer, "\n")
    for track, part in zip(rest[::2], rest[1::2], strict=True):
        slots.append(Slot(track, len(ids)))
        # Parts after a slot are encoded as after a line break, as newer transformers does it.
        after_break = _encoded(tokenizer, f"\n{part}")
        apart = after_break[: len(line_break)] == line_break
        ids += after_break[len(line_break) :] if apart else _encoded(tokenizer, part)
    return SlottedPrompt(tuple(ids), tuple(slots))


def _encoded(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"]) if text else []


def _defused(tokenizer: Any, message: Message) -> Message:
    """The message with every control token broken, but for its one line of features."""
    controls = [*map(re.escape, tokenizer.chat_control_tokens), MARKER.pattern]
    pattern = re.compile("|".join(controls))

    def broken(match: re.Match[str]) -> str:
        return match[0][0] + _NO_WIDTH + match[0][1:]

    # What is split off is the text before the line, the line itself and the text after it.
    parts = FEATURES_LINE.split(message.content, maxsplit=1)
    parts[::2] = [pattern.sub(broken, part) for part in parts[::2]]
    return message.model_copy(update={"content": "".join(parts)})
