"""A clip's pictures and sound as tokens and tensors, by the checkpoint's own processor."""

from dataclasses import dataclass
from typing import Any

import torch

from affect_llm.errors import CapabilityError
from affect_llm.store.pretrained import first_line, quietly
from affect_llm.types import AUDIO_RATE_HZ, MediaInput

LEAST_AUDIO_S = 0.1
"""Shorter sound is left out; the first layers of audio models cannot take it."""
_PARTS = {
    "video": ("video_processor",),
    "image": ("image_processor",),
    "audio": ("feature_extractor", "audio_processor"),
}
"""Kind of content in a chat → the part of a processor that turns it into tensors."""
_ANY = "what is said"
"""Stands for the words of a message, to be found again in what a chat template makes of it."""


@dataclass(frozen=True, slots=True)
class TrackInput:
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

    def track_input(self, track: str, media: MediaInput) -> TrackInput | None:
        """A track's tokens and tensors; None where the clip has nothing for it.

        A still is a picture; frames are a video, or pictures where a model takes no videos.

        Raises:
            CapabilityError: the processor refuses them.
        """
        places = self._places
        if track not in self.names:
            return None
        if track == "audio":
            if len(media.audio) < LEAST_AUDIO_S * AUDIO_RATE_HZ:
                return None
            sound = {"audio": [media.audio], "sampling_rate": AUDIO_RATE_HZ}
            return self._processed(places["audio"], **sound)
        if not len(media.frames):
            return None
        if "video" not in places or (len(media.frames) == 1 and "image" in places):
            return self._processed(places["image"] * len(media.frames), images=list(media.frames))
        # Frames were chosen by the budget already: the processor may drop none of them.
        how = {"fps": media.rate_hz, "do_sample_frames": False}
        return self._processed(places["video"], videos=[media.frames], videos_kwargs=how)

    def _processed(self, place: str, **media: Any) -> TrackInput:
        try:
            with quietly():
                inputs = self._processor(text=place, return_tensors="pt", **media)
        except (ValueError, TypeError, KeyError, IndexError, RuntimeError) as error:
            raise CapabilityError(
                f"The model's processor refuses what the clip has to show: {first_line(error)}. "
                "Choose another checkpoint, or road = 'text'."
            ) from error
        ids = inputs["input_ids"]
        rest = {k: v for k, v in inputs.items() if isinstance(v, torch.Tensor)}
        del rest["input_ids"]
        aligned = {k for k, v in rest.items() if v.shape == ids.shape and not v.is_floating_point()}
        return TrackInput(
            ids=ids[0].tolist(),
            # The mask of the whole prompt is made where the prompt is read.
            aligned={k: rest[k][0].tolist() for k in aligned if k != "attention_mask"},
            tensors={k: v for k, v in rest.items() if k not in aligned},
        )


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
    head, words, _ = plain.partition(_ANY)
    if not words or not filled.startswith(head):
        return ""
    return filled[len(head) :].partition(_ANY)[0]
