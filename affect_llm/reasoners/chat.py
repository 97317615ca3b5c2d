"""A prompt's messages as token ids, by the checkpoint's own chat template."""

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
    from jinja2 import TemplateError

    turns = [{"role": m.role, "content": m.content} for m in messages]
    try:
        return _render(tokenizer, turns)
    except TemplateError:
        folded = _fold_system(turns)
    try:
        return _render(tokenizer, folded)
    except TemplateError as error:
        raise CapabilityError(
            f"The chat template of this checkpoint refuses the prompt: {error}."
        ) from error


def _render(tokenizer: Any, turns: list[dict[str, str]]) -> list[int]:
    ids = tokenizer.apply_chat_template(
        turns,
        add_generation_prompt=True,
        sanitize_control_tokens=True,
        return_dict=False,
        enable_thinking=False,
    )
    return cast(list[int], ids)


def _fold_system(turns: list[dict[str, str]]) -> list[dict[str, str]]:
    system = "\n\n".join(turn["content"] for turn in turns if turn["role"] == "system")
    rest = [dict(turn) for turn in turns if turn["role"] != "system"]
    if system and rest:
        rest[0]["content"] = f"{system}\n\n{rest[0]['content']}"
    return rest
