"""A prompt's messages as token ids, by the checkpoint's own chat template."""

import re
from collections.abc import Sequence
from typing import Any, cast

from affect_llm.errors import CapabilityError
from affect_llm.types import Message


def require_chat_template(tokenizer: Any, source: str) -> None:
    """Refuse a checkpoint that was not made to chat.

    Raises:
        CapabilityError: the tokenizer carries no chat template.
    """
    if not tokenizer.chat_template:
        raise CapabilityError(
            f"The checkpoint '{source}' has no chat template, so it is no instruction-following "
            "model. Choose a chat or instruct version of it."
        )


def chat_ids(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    """Ids of the rendered chat, up to where the answer begins.

    What stands in a message is data: a transcript that spells "<|im_end|>" is encoded as those
    characters, never as the special token. A template without a system role gets the system
    message at the head of the first user message.

    Raises:
        CapabilityError: the template refuses these messages.
    """
    ids = rendered_chat(tokenizer, messages, sanitize_control_tokens=True, return_dict=False)
    return cast(list[int], ids)


def chat_text(tokenizer: Any, messages: Sequence[Message]) -> tuple[str, str]:
    """The rendered chat of `chat_ids` before it is encoded, and the mark that cuts it.

    Control tokens in messages stand between marks; `encode_marked_chat` of transformers turns
    the text into the ids of `chat_ids`, and a lone mark in it into a cut that no token spans.

    Raises:
        CapabilityError: the template refuses these messages.
    """
    from transformers.utils.chat_template_utils import mark_control_tokens

    # Those that transformers keeps out of messages in `chat_ids`, longer ones first.
    special = {t.content for t in tokenizer.added_tokens_decoder.values() if t.special}
    controls = sorted(special | set(tokenizer.chat_control_tokens or ()), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, controls)) or "(?!)")
    clean = [
        m.model_copy(update={"content": mark_control_tokens(m.content, pattern)}) for m in messages
    ]
    text = rendered_chat(tokenizer, clean, tokenize=False)
    return cast(str, text), mark_control_tokens(" ", re.compile(" "))[0]


def rendered_chat(tokenizer: Any, messages: Sequence[Message], **how: bool) -> Any:
    """What the chat template makes of the messages, up to where the answer begins.

    Args:
        tokenizer: of the checkpoint.
        messages: where the template has no system role, the first user message takes its words.
        how: further arguments of `apply_chat_template`.

    Raises:
        CapabilityError: the template refuses these messages.
    """
    from jinja2 import TemplateError

    how |= {"add_generation_prompt": True, "enable_thinking": False}
    turns = [{"role": m.role, "content": m.content} for m in messages]
    try:
        return tokenizer.apply_chat_template(turns, **how)
    except TemplateError:
        system = "\n\n".join(turn["content"] for turn in turns if turn["role"] == "system")
        rest = [turn for turn in turns if turn["role"] != "system"]
        if system and rest:
            rest[0]["content"] = f"{system}\n\n{rest[0]['content']}"
    try:
        return tokenizer.apply_chat_template(rest, **how)
    except TemplateError as error:
        raise CapabilityError(
            f"The chat template of this checkpoint refuses the prompt: {error}."
        ) from error
