"""How long a checkpoint's prompts may be, and which tokens end its answers."""

from typing import Any

from affect_llm.errors import CapabilityError


def context_tokens(config: Any) -> int:
    """Positions a text model was made for, or its attention window where some layers have one.

    Rows of a batch grow with gaps between their tokens; a window that counts the gaps would
    forget too early, so nothing longer than the window is accepted.
    """
    longest: int = config.max_position_embeddings
    window: int | None = getattr(config, "sliding_window", None)
    layers: list[str] | None = getattr(config, "layer_types", None)
    slides = window is not None and (layers is None or "sliding_attention" in layers)
    return min(longest, window) if slides and window is not None else longest


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
