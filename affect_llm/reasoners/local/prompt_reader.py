"""Prompts are read once, also where an answer takes several steps that ask about them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.reasoners.local.batch_state import BatchState
from affect_llm.reasoners.local.checkpoint import Checkpoint
from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt


@dataclass(frozen=True, slots=True)
class ReadPrompts:
    """Prompts and the state of a model that has read each but its last token.

    Args:
        prompts: a row each.
        state: may have read more since.
        width: columns of it that belong to the prompts.
    """

    prompts: tuple[TokenPrompt, ...]
    state: BatchState
    width: int


class PromptReader:
    """Reads prompts; those of the batch before are not read again.

    What is remembered belongs to one reader at a time: who reads meanwhile, in another thread,
    reads for themselves.

    Args:
        checkpoint: whose model reads.
        pad: id that fills gaps.
    """

    def __init__(self, checkpoint: Checkpoint, pad: int) -> None:
        self._checkpoint = checkpoint
        self._pad = pad
        self._remembered: ReadPrompts | None = None
        self._lock = Lock()

    def read(self, prompts: Sequence[TokenPrompt]) -> ReadPrompts:
        """A state that has read every prompt but for its last token, which is left to be fed."""
        with self._lock:
            before, self._remembered = self._remembered, None
        rows = [] if before is None else [_row(prompt, before.prompts) for prompt in prompts]
        if before is None or None in rows:
            del before  # its memory, before as much is needed again
            checkpoint = self._checkpoint
            state = BatchState(checkpoint.model, len(prompts), self._pad, checkpoint.device)
            begun = [SlottedPrompt(prompt.chat.ids[:-1], prompt.chat.slots) for prompt in prompts]
            if any(chat.ids or chat.slots for chat in begun):
                state.feed_prompts(begun, [prompt.soft for prompt in prompts])
            return ReadPrompts(tuple(prompts), state, state.width)
        before.state.rewind(before.width)
        if rows != list(range(len(before.prompts))):
            before.state.keep([row for row in rows if row is not None])
        return ReadPrompts(tuple(prompts), before.state, before.width)

    def hold(self, read: ReadPrompts) -> None:
        """Remember the prompts, in place of those before."""
        self._remembered = read

    def forget(self) -> None:
        """Remember nothing: the model reads differently from now on."""
        self._remembered = None


def _row(prompt: TokenPrompt, among: Sequence[TokenPrompt]) -> int | None:
    """Where the very same prompt stands; soft tokens are the same only as the same object."""
    same = (prompt.chat == old.chat and prompt.soft is old.soft for old in among)
    return next((row for row, is_same in enumerate(same) if is_same), None)
