"""A checkpoint's tokenizer without its weights, and the tokens that end its answers."""

import re
from pathlib import Path
from typing import Any

from affect_llm.errors import CapabilityError, WeightsError
from affect_llm.reasoners.model_folder import unloadable


def load_tokenizer(folder: Path) -> Any:
    """The fast tokenizer in a folder, with `chat_control_tokens` set.

    Raises:
        WeightsError: it cannot be loaded.
        CapabilityError: it is a slow one.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, trust_remote_code=False, local_files_only=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(unloadable(str(folder), error)) from error
    if not tokenizer.is_fast:
        raise CapabilityError(
            f"The tokenizer of '{folder}' is not a fast one (tokenizer.json), which constrained "
            "decoding needs. Convert it, or choose another checkpoint."
        )
    tokenizer.chat_control_tokens = [
        token.content for token in tokenizer.added_tokens_decoder.values() if is_control(token)
    ]
    return tokenizer


def eos_ids(listed: int | list[int] | None, tokenizer: Any) -> tuple[int, ...]:
    """The tokens that end an answer, by the model's generation settings and its tokenizer.

    Args:
        listed: `eos_token_id` of the generation settings.
        tokenizer: may name one more.

    Raises:
        CapabilityError: there is none.
    """
    ids = [listed] if isinstance(listed, int) else list(listed or [])
    ids += [] if tokenizer.eos_token_id is None else [tokenizer.eos_token_id]
    if not ids:
        raise CapabilityError("This checkpoint names no end-of-text token, so it never stops.")
    return tuple(dict.fromkeys(ids))


def is_control(token: Any) -> bool:
    """Whether an added token steers a model, so that no transcript may come out as it.

    Tokens such as "<tool_call>" do even where they are not marked special; added words and phrases
    are only vocabulary.
    """
    return bool(token.special or re.fullmatch(r"[<\[]\S+[>\]]", token.content))
