"""Prompts are read once, also where an answer takes several steps that ask about them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.reasoners.local.batch_state import BatchState
from affect_llm.reasoners.local.checkpoint import Checkpoint
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

    def same_as(self, other: "Chat") -> bool:
        """Whether the model reads the very same; soft tokens are compared as objects."""
        return self.tokens == other.tokens and self.soft is other.soft


@dataclass(frozen=True, slots=True)
class Held:
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

    What is held belongs to one reader at a time: who reads meanwhile, in another thread, reads
    for themselves.

    Args:
        checkpoint: whose model reads.
        pad: id that fills gaps.
    """

    def __init__(self, checkpoint: Checkpoint, pad: int) -> None:
        self._checkpoint = checkpoint
        self._pad = pad
        self._held: Held | None = None
        self._lock = Lock()

    def read(self, chats: Sequence[Chat]) -> Held:
        """A state that has read every chat but for its last token, which is left to be fed."""
        with self._lock:
            held, self._held = self._held, None
        places = None if held is None else _places(chats, held.chats)
        if held is None or places is None:
            del held  # its memory, before as much is needed again
            return self._anew(tuple(chats))
        held.state.rewind(held.width)
        if places != list(range(len(held.chats))):
            held.state.keep(places)
        return Held(tuple(chats), held.state, held.width)

    def hold(self, held: Held) -> None:
        """Remember the chats, in place of what was held before."""
        self._held = held

    def forget(self) -> None:
        """Hold nothing: the model reads differently from now on."""
        self._held = None

    def _anew(self, chats: tuple[Chat, ...]) -> Held:
        checkpoint = self._checkpoint
        state = BatchState(checkpoint.model, len(chats), self._pad, checkpoint.device)
        begun = [SlottedPrompt(chat.tokens.ids[:-1], chat.tokens.slots) for chat in chats]
        if any(prompt.ids or prompt.slots for prompt in begun):
            state.feed_prompts(begun, [chat.soft for chat in chats])
        return Held(chats, state, state.width)


def _places(chats: Sequence[Chat], among: Sequence[Chat]) -> list[int] | None:
    """Where each chat stands; None if one is not there."""
    found = [next((n for n, old in enumerate(among) if old.same_as(chat)), None) for chat in chats]
    places = [place for place in found if place is not None]
    return places if len(places) == len(found) else None
