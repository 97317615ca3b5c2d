"""Spans, modalities, roads and the pydantic model that everything stored is made of."""

from enum import StrEnum
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

AUDIO_RATE_HZ = 16_000
"""Every audio array is mono float32 in [-1, 1] at this rate, which speech models are trained on."""
Road = Literal["text", "projected", "both"]
"""What a prompt shows: its cues as words; its features as soft tokens, with only the cues of
other modalities as words; or all cues and all features."""
ROADS: tuple[Road, ...] = get_args(Road)


class Model(BaseModel):
    """A frozen pydantic model that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Modality(StrEnum):
    """A channel that evidence comes through."""

    TEXT = "text"
    AUDIO = "audio"
    VISUAL = "visual"
    PHYSIOLOGY = "physiology"


class TimeSpan(Model):
    """A stretch of a clip, `0 <= start_s <= end_s`."""

    start_s: float = Field(ge=0, allow_inf_nan=False)
    end_s: float = Field(ge=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _ordered(self) -> "TimeSpan":
        if self.end_s < self.start_s:
            raise ValueError(f"a span ends ({self.end_s}) before it starts ({self.start_s})")
        return self

    @property
    def duration_s(self) -> float:
        """The length of the span in seconds."""
        return self.end_s - self.start_s

    def overlaps(self, other: "TimeSpan") -> bool:
        """Whether the two share more than a point."""
        return self.start_s < other.end_s and other.start_s < self.end_s


class TranscriptSegment(Model):
    """Words spoken in a span; `source` is sidecar, embedded, given or a recogniser's name."""

    text: str
    span: TimeSpan
    language: str | None = None
    source: str = "given"
