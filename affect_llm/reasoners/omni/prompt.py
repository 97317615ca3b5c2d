"""A prompt's chat with a clip's pictures and sound in their slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from affect_llm.reasoners.local.slotted_chat import slotted_chat
from affect_llm.reasoners.omni.media import MediaTracks, Piece
from affect_llm.types import Prompt


@dataclass(frozen=True, slots=True)
class MediaPrompt:
    """What a model reads before it answers.

    Args:
        ids: tokens of the chat and of the media.
        inputs: every further input of the model, (1, …) on the CPU.
    """

    ids: list[int]
    inputs: dict[str, torch.Tensor]

    def on(self, device: str, dtype: torch.dtype) -> dict[str, torch.Tensor]:
        """All inputs where the model is, numbers in its precision."""
        whole = {"input_ids": torch.tensor([self.ids]), **self.inputs}
        return {
            k: v.to(device, dtype) if v.is_floating_point() else v.to(device)
            for k, v in whole.items()
        }


def media_prompt(tokenizer: Any, tracks: MediaTracks, prompt: Prompt) -> MediaPrompt:
    """Put the media's tokens at the slots of the line "Features: …".

    The chat is encoded as any other: what a transcript spells is text, also where it spells a
    token that stands for media. Those are written here only, by the processor.

    Raises:
        CapabilityError: the processor refuses the media, or the chat template the messages.
        MediaError: the clip cannot be decoded.
    """
    chat = slotted_chat(tokenizer, prompt.messages)
    media = None if prompt.media is None else prompt.media.read()
    pieces = [
        (slot.at, piece)
        for slot in chat.slots
        if media is not None and (piece := tracks.piece(slot.track, media)) is not None
    ]
    inputs = {k: v for _, piece in pieces for k, v in piece.tensors.items()}
    aligned = {name for _, piece in pieces for name in piece.aligned}
    for name in aligned:
        inputs[name] = torch.tensor([_joined([0] * len(chat.ids), pieces, name)])
    return MediaPrompt(_joined(chat.ids, pieces, None), inputs)


def _joined(
    text: Sequence[int], pieces: Sequence[tuple[int, Piece]], name: str | None
) -> list[int]:
    """The chat's row with those of the pieces at their places; of ids where `name` is None."""
    joined: list[int] = []
    last = 0
    for place, piece in pieces:
        own = piece.ids if name is None else piece.aligned.get(name, [0] * len(piece.ids))
        joined += [*text[last:place], *own]
        last = place
    return [*joined, *text[last:]]
