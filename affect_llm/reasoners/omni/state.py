"""A prompt with a clip's pictures and sound in its slots, and the model that has read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch

from affect_llm.reasoners.local.batch_state import BatchState
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
        inputs = {"input_ids": torch.tensor([self.ids]), **self.inputs}
        return {
            name: value.to(device, dtype if value.is_floating_point() else None)
            for name, value in inputs.items()
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


class MediaState(BatchState):
    """A `BatchState` with one row, whose text goes on where the media's positions end.

    Models with positions in three directions (time, height, width) give media fewer positions
    than it has tokens; they keep the difference as `rope_deltas` (Qwen2-VL, arXiv 2409.12191,
    section 2.1).
    """

    def __init__(self, model: Any, pad: int, device: str) -> None:
        super().__init__(_Shifted(model), 1, pad, device)

    def read(self, prompt: MediaPrompt) -> torch.Tensor:
        """Logits after the prompt, (1, vocabulary) float32."""
        model = self.model.model
        holders = [module for module in model.modules() if hasattr(module, "rope_deltas")]
        for module in holders:
            module.rope_deltas = None  # those of the prompt before
        self.mask = torch.ones((1, len(prompt.ids)), dtype=torch.long, device=self.device)
        output = model(
            **prompt.on(self.device, model.dtype),
            attention_mask=self.mask,
            past_key_values=self.cache,
            use_cache=True,
        )
        deltas = [module.rope_deltas for module in holders if module.rope_deltas is not None]
        self.model.shift = int(deltas[0].flatten()[0]) if deltas else 0
        return cast(torch.Tensor, output.logits[:, -1].float())


class _Shifted:
    """A model whose text positions are counted from where its media's end."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.dtype: torch.dtype = model.dtype
        self.shift = 0

    def __call__(
        self, *, position_ids: torch.Tensor, logits_to_keep: int = 0, **inputs: Any
    ) -> Any:
        # All logits are given, because not every model can leave some out.
        return self.model(position_ids=position_ids + self.shift, **inputs)
