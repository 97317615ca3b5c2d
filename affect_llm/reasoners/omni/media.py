"""A clip's pictures and sound as tokens and tensors, by the checkpoint's own processor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from affect_llm.errors import CapabilityError
from affect_llm.store.pretrained import first_line, quietly
from affect_llm.types import AUDIO_RATE_HZ, MediaInput

LEAST_AUDIO_S = 0.1
"""Shorter sound is left out; the first layers of audio models cannot take it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One track of a clip as a model reads it.

    Args:
        ids: its tokens, with those that begin and end it.
        aligned: inputs that have a number for each token ("mm_token_type_ids").
        tensors: all other inputs ("pixel_values_videos", "input_features" …).
    """

    ids: list[int]
    aligned: dict[str, list[int]]
    tensors: dict[str, torch.Tensor]


class MediaTracks:
    """What a processor makes of the tracks "video" and "audio".

    Args:
        processor: with tokenizer and chat template; what its template has no place for, or what
            it has no part to process, is no track of it.
    """

    def __init__(self, processor: Any, tokenizer: Any) -> None:
        self._processor = processor
        self._places = {
            kind: place
            for kind, parts in _PARTS.items()
            if any(getattr(processor, part, None) is not None for part in parts)
            and (place := _place(tokenizer, kind))
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The tracks that the model takes."""
        seen = ("video",) if self._places.keys() & {"video", "image"} else ()
        return (*seen, *(("audio",) if "audio" in self._places else ()))

    def piece(self, track: str, media: MediaInput) -> Piece | None:
        """A track's tokens and tensors; None where the clip has nothing for it.

        Raises:
            CapabilityError: the processor refuses them.
        """
        if track not in self.names:
            return None
        if track == "audio":
            return self._heard(media.audio)
        return self._seen(media) if len(media.frames) else None

    def _heard(self, samples: NDArray[np.float32]) -> Piece | None:
        if len(samples) < LEAST_AUDIO_S * AUDIO_RATE_HZ:
            return None
        return self._processed(self._places["audio"], audio=[samples], sampling_rate=AUDIO_RATE_HZ)

    def _seen(self, media: MediaInput) -> Piece:
        """A still as a picture, frames as a video, or as pictures where a model takes no videos."""
        if "video" not in self._places or (len(media.frames) == 1 and "image" in self._places):
            place = self._places["image"] * len(media.frames)
            return self._processed(place, images=list(media.frames))
        how = {"fps": media.rate_hz, "do_sample_frames": False}
        return self._processed(self._places["video"], videos=[media.frames], videos_kwargs=how)

    def _processed(self, place: str, **media: Any) -> Piece:
        try:
            with quietly():
                made = self._processor(text=place, return_tensors="pt", **media)
        except (ValueError, TypeError, KeyError, IndexError, RuntimeError) as error:
            raise CapabilityError(
                f"The model's processor refuses what the clip has to show: {first_line(error)}. "
                "Choose another checkpoint, or road = 'text'."
            ) from error
        return _piece(made)


_PARTS = {
    "video": ("video_processor",),
    "image": ("image_processor",),
    "audio": ("feature_extractor", "audio_processor"),
}
"""Kind of content in a chat → the part of a processor that turns it into tensors."""


def _place(tokenizer: Any, kind: str) -> str:
    """What the chat template writes where content of a kind stands; empty if nothing."""
    from jinja2 import TemplateError

    def rendered(parts: list[dict[str, str]]) -> str:
        turns = [{"role": "user", "content": [*parts, {"type": "text", "text": _ANY}]}]
        return str(tokenizer.apply_chat_template(turns, tokenize=False))

    try:
        plain, filled = rendered([]), rendered([{"type": kind}])
    except (TemplateError, TypeError):
        return ""
    head, found, _ = plain.partition(_ANY)
    if not found or not filled.startswith(head):
        return ""
    return filled[len(head) :].partition(_ANY)[0]


_ANY = "what is said"


def _piece(made: Mapping[str, Any]) -> Piece:
    ids = made["input_ids"]
    rest = {k: v for k, v in made.items() if isinstance(v, torch.Tensor) and k != "input_ids"}
    aligned = {k for k, v in rest.items() if v.shape == ids.shape and not v.is_floating_point()}
    return Piece(
        ids=ids[0].tolist(),
        aligned={k: rest[k][0].tolist() for k in aligned if k != "attention_mask"},
        tensors={k: v for k, v in rest.items() if k not in aligned},
    )
