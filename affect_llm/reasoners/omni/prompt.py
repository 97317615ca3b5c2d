"""A prompt's chat with a clip's pictures and sound in their slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from affect_llm.reasoners.omni.media import MediaTracks
from affect_llm.reasoners.tokens.slotted_chat import slotted_chat
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
    placed = [
        (slot.at, track)
        for slot in chat.slots
        if media is not None and (track := tracks.track_input(slot.track, media)) is not None
    ]
    inputs = {k: v for _, track in placed for k, v in track.tensors.items()}
    for name in {name for _, track in placed for name in track.aligned}:
        rows = [(at, t.aligned.get(name, [0] * len(t.ids))) for at, t in placed]
        inputs[name] = torch.tensor([_joined([0] * len(chat.ids), rows)])
    return MediaPrompt(_joined(chat.ids, [(at, track.ids) for at, track in placed]), inputs)


def _joined(text: Sequence[int], placed: Sequence[tuple[int, Sequence[int]]]) -> list[int]:
    """The chat's row with those of the tracks at their places."""
    joined: list[int] = []
    last = 0
    for at, row in placed:
        joined += [*text[last:at], *row]
        last = at
    return [*joined, *text[last:]]
