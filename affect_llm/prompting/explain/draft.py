"""One sentence of an explanation before anything has checked it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence and the ids of the cues it rests on."""

    text: str
    cue_ids: tuple[str, ...]
