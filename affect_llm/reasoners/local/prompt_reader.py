"""Prompts are read once, also where an answer takes several steps that ask about them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.reasoners.local.batch_state import BatchState
from affect_llm.reasoners.local.checkpoint import Checkpoint
from affect_llm.reasoners.tokens.slotted_chat import length_of
from affect_llm.types import SoftTokens


@dataclass(frozen=True, slots=True)
class Chat:
    """A prompt as the model reads it; its last token is one of the vocabulary.

    Args:
        tokens: ids and slots.
        soft: what stands in the slots.
    """

    tokens: SlottedPrompt
    soft: SoftTokens | None

    @property
    def length(self) -> int:
        """How many tokens the model reads, soft ones included."""
        return length_of(self.tokens, self.soft)


@dataclass(frozen=True, slots=True)
class ReadChats:
    """Chats and the state of a model that has read each but its last token.

    Args:
        chats: a row each.
        state: may have read more since.
        width: columns of it that belong to the chats.
    """

    chats: tuple[Chat, ...]
    state: BatchState
    width: int


class PromptReader:
    """Reads chats; those of the batch before are not read again.

    What is remembered belongs to one reader at a time: who reads meanwhile, in another thread,
    reads for themselves.

    Args:
        checkpoint: whose model reads.
        pad: id that fills gaps.
    """

    def __init__(self, checkpoint: Checkpoint, pad: int) -> None:
        self._checkpoint = checkpoint
        self._pad = pad
        self._remembered: ReadChats | None = None
        self._lock = Lock()

    def read(self, chats: Sequence[Chat]) -> ReadChats:
        """A state that has read every chat but for its last token, which is left to be fed."""
        with self._lock:
            before, self._remembered = self._remembered, None
        rows = [] if before is None else [_row(chat, before.chats) for chat in chats]
        if before is None or None in rows:
            del before  # its memory, before as much is needed again
            return self._read_anew(tuple(chats))
        before.state.rewind(before.width)
        if rows != list(range(len(before.chats))):
            before.state.keep([row for row in rows if row is not None])
        return ReadChats(tuple(chats), before.state, before.width)

    def hold(self, read: ReadChats) -> None:
        """Remember the chats, in place of those before."""
        self._remembered = read

    def forget(self) -> None:
        """Remember nothing: the model reads differently from now on."""
        self._remembered = None

    def _read_anew(self, chats: tuple[Chat, ...]) -> ReadChats:
        checkpoint = self._checkpoint
        state = BatchState(checkpoint.model, len(chats), self._pad, checkpoint.device)
        begun = [SlottedPrompt(chat.tokens.ids[:-1], chat.tokens.slots) for chat in chats]
        if any(prompt.ids or prompt.slots for prompt in begun):
            state.feed_prompts(begun, [chat.soft for chat in chats])
        return ReadChats(chats, state, state.width)


def _row(chat: Chat, among: Sequence[Chat]) -> int | None:
    """Where the very same chat stands; soft tokens are the same only as the same object."""
    same = (chat.tokens == old.tokens and chat.soft is old.soft for old in among)
    return next((row for row, is_same in enumerate(same) if is_same), None)
