"""Does a clip's media really reach the model? Asked once per track, when it is loaded."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch

from affect_llm.errors import CapabilityError
from affect_llm.types import AUDIO_RATE_HZ, MediaInput, Message, Prompt, slot_marker

_SIDE, _FRAMES = 56, 4


class LooksAndListens(Protocol):
    """What is probed."""

    @property
    def media_tracks(self) -> tuple[str, ...]:
        """Tracks that it takes."""
        ...

    def first_logits(self, prompt: Prompt) -> torch.Tensor:
        """What it would say first."""
        ...


@dataclass(frozen=True, slots=True)
class HeldMedia:
    """Media that is decoded already."""

    media: MediaInput

    def read(self) -> MediaInput:
        """As it is."""
        return self.media


def probe_media(reasoner: LooksAndListens) -> None:
    """Show two different pictures and play two different sounds.

    Raises:
        CapabilityError: the model takes neither, or one of them changes nothing.
    """
    if not reasoner.media_tracks:
        raise CapabilityError(
            "This checkpoint takes neither pictures nor sound, or its chat template has no place "
            "for them. Use --reasoner transformers, or another checkpoint."
        )
    for track in reasoner.media_tracks:
        first, second = (reasoner.first_logits(_prompt(track, seed)) for seed in (1, 2))
        if torch.equal(first, second):
            raise CapabilityError(
                f"The {track} of a clip changes nothing in what this checkpoint says. Get it "
                "again, or choose another one."
            )


def _prompt(track: str, seed: int) -> Prompt:
    rng = np.random.default_rng(seed)
    frames = rng.integers(0, 256, (_FRAMES, _SIDE, _SIDE, 3), dtype=np.uint8)
    audio = rng.normal(0, 0.1, AUDIO_RATE_HZ).astype(np.float32)
    media = MediaInput(frames, np.arange(_FRAMES, dtype=np.float64) / 2, audio)
    said = f"Features: {track} {slot_marker(track)}"
    return Prompt("probe", 1, (Message(role="user", content=said),), media=HeldMedia(media))
