"""Does a clip's media really reach the model? Asked once per track, when it is loaded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from affect_llm.errors import CapabilityError
from affect_llm.types import AUDIO_RATE_HZ, MediaInput, Message, Prompt, slot_marker

_SIDE, _FRAMES = 56, 4
"""Pixels and pictures of the noise: two patches of 28 pixels a side, as Qwen's models cut them."""


@dataclass(frozen=True, slots=True)
class HeldMedia:
    """Media that is decoded already."""

    media: MediaInput

    def read(self) -> MediaInput:
        """The media that is held."""
        return self.media


def probe_media(tracks: Sequence[str], first_logits: Callable[[Prompt], torch.Tensor]) -> None:
    """Show two different pictures and play two different sounds.

    Args:
        tracks: that the model takes.
        first_logits: what it would write first.

    Raises:
        CapabilityError: the model takes neither, or one of them changes nothing.
    """
    if not tracks:
        raise CapabilityError(
            "This checkpoint takes neither pictures nor sound, or its chat template has no place "
            "for them. Use --reasoner transformers, or another checkpoint."
        )
    for track in tracks:
        if torch.equal(first_logits(_noise(track, 1)), first_logits(_noise(track, 2))):
            raise CapabilityError(
                f"The {track} of a clip changes nothing in what this checkpoint says. Get it "
                "again, or choose another one."
            )


def _noise(track: str, seed: int) -> Prompt:
    rng = np.random.default_rng(seed)
    frames = rng.integers(0, 256, (_FRAMES, _SIDE, _SIDE, 3), dtype=np.uint8)
    audio = rng.normal(0, 0.1, AUDIO_RATE_HZ).astype(np.float32)
    # Two pictures a second for two seconds, beside a second of sound.
    media = MediaInput(frames, np.arange(_FRAMES, dtype=np.float64) / 2, audio)
    line = f"Features: {track} {slot_marker(track)}"
    return Prompt("probe", 1, (Message(role="user", content=line),), media=HeldMedia(media))
