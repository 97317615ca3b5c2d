"""The words that every layer speaks.

Arrays live in frozen, slotted dataclasses. What is logged, stored or crosses a process is a
frozen pydantic model that refuses unknown keys. Times are seconds from the start of the clip.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

RESULT_SCHEMA: Literal["affect-llm/result@1"] = "affect-llm/result@1"
AUDIO_RATE_HZ = 16_000
"""Every audio array in the project is mono float32 in [-1, 1] at this rate."""


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
        """Length in seconds."""
        return self.end_s - self.start_s

    def overlaps(self, other: "TimeSpan") -> bool:
        """Whether the two share more than a point."""
        return self.start_s < other.end_s and other.start_s < self.end_s


class TranscriptSegment(Model):
    """Words spoken in a span; `source` is sidecar, embedded, given or an ASR passport."""

    text: str
    span: TimeSpan
    language: str | None = None
    source: str = "given"


# ── media ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright picture, `image` (H, W, 3) uint8 RGB, at `time_s`."""

    time_s: float
    image: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class AudioWindow:
    """`samples` (n,) float32 mono at `AUDIO_RATE_HZ`, the first one at `start_s`."""

    start_s: float
    samples: NDArray[np.float32]


class MediaSource(Protocol):
    """Decodes lazily and can be asked again; memory does not grow with the clip."""

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        """Upright RGB frames in time order, about `rate_hz` of them a second."""
        ...

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        """Consecutive windows of `window_s` (the last may be shorter), without overlap."""
        ...


@dataclass(frozen=True, slots=True)
class Clip:
    """A thing to be explained: a video, a recording, a picture, a text, or several of these.

    Args:
        id: sha256 of the bytes (of the text for a text-only clip), hexadecimal.
        name: what to call it in messages: the file's name, or "text".
        duration_s: seconds; 0 for a picture or a text.
        modalities: what the file really holds (a stream that decodes), not what its header says.
        transcript: the words that came with it; empty when there are none.
        source: decodes it; None for a text-only clip.
        path: where it lies; None for a text-only clip.
    """

    id: str
    name: str
    duration_s: float
    modalities: frozenset[Modality]
    transcript: tuple[TranscriptSegment, ...] = ()
    source: MediaSource | None = None
    path: str | None = None
    absent: tuple["Absence", ...] = ()


# ── cues ─────────────────────────────────────────────────────────────────────────────────────


class Baseline(Model):
    """What a value is compared with: this speaker's own level, or a published norm."""

    kind: Literal["speaker", "norm"]
    mean: float
    sd: float = Field(gt=0)
    source: str


class Measurement(Model):
    """One thing seen, heard or said, with its passport.

    Args:
        name: a kind from `cues.catalogue` ("AU12", "pitch.mean", "voice.anger", "words").
        value: the quantity in `unit`; a string for words and scene labels.
        unit: as in the catalogue ("Hz", "FACS 0-5", "p", "sd" …).
        span: when.
        confidence: of the measurement itself (detection, voicing …), 0 to 1.
        person: a stable track id ("P1") where several people may be meant.
        source: `extractor@version#weights`.
    """

    modality: Modality
    family: str
    name: str
    value: float | str
    unit: str
    span: TimeSpan
    confidence: float = Field(ge=0, le=1)
    baseline: Baseline | None = None
    person: str | None = None
    source: str

    @property
    def deviation(self) -> float | None:
        """Distance from the baseline in its standard deviations; None without a baseline."""
        if self.baseline is None or isinstance(self.value, str):
            return None
        return (self.value - self.baseline.mean) / self.baseline.sd


class Cue(Measurement):
    """A measurement with the short id that sentences cite ("F3", "V2", "T1")."""

    id: str


class Absence(Model):
    """A modality or cue family that is not there, and why."""

    modality: Modality
    family: str | None = None
    state: Literal["absent", "failed", "low_quality", "not_asked"]
    reason: str
    remedy: str | None = None


class CueSheet(Model):
    """All that is known of a clip, and all that is known to be missing."""

    cues: tuple[Cue, ...] = ()
    absent: tuple[Absence, ...] = ()

    def by_id(self) -> dict[str, Cue]:
        """Cues keyed by id."""
        return {cue.id: cue for cue in self.cues}

    def within(self, span: TimeSpan) -> "CueSheet":
        """The same sheet with only the cues that touch `span`."""
        cues = tuple(c for c in self.cues if c.span.overlaps(span) or c.span == span)
        return CueSheet(cues=cues, absent=self.absent)


# ── features and soft tokens (the embedding road) ────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Features:
    """`array` (T, D) float32 with the time of each row, `times_s` (T,)."""

    modality: Modality
    array: NDArray[np.float32]
    times_s: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SoftTokens:
    """`array` (N, D) float32 in the LLM's width, with the span each token speaks of."""

    array: NDArray[np.float32]
    spans: tuple[TimeSpan, ...]


# ── prompting and reasoning ──────────────────────────────────────────────────────────────────


class Message(Model):
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a reasoner is asked.

    Args:
        id: the prompt file's id, and `version` its version.
        messages: the chat, without the answer.
        answer_schema: a JSON Schema the answer must follow; None for free text.
        labels: the closed set whose probabilities are wanted; empty for none.
        label_prefix: the answer up to the label ('{"label":"'); label tokens are scored after it.
        soft_tokens: projected features, if the embedding road was taken.
    """

    id: str
    version: int
    messages: tuple[Message, ...]
    answer_schema: dict[str, object] | None = None
    labels: tuple[str, ...] = ()
    label_prefix: str = ""
    soft_tokens: SoftTokens | None = None


class Usage(Model):
    """Tokens read and written."""

    prompt_tokens: int
    completion_tokens: int


class Completion(Model):
    """What a reasoner said.

    Args:
        text: raw, unparsed.
        label_logprobs: natural-log probability of each label of the prompt, normalised over the
            set; None where the backend cannot tell.
        finish: "stop" when the answer ended by itself, "length" when it was cut.
        model: `name@revision#hash` of what answered.
    """

    text: str
    label_logprobs: dict[str, float] | None = None
    usage: Usage
    finish: Literal["stop", "length"]
    model: str


# ── results ──────────────────────────────────────────────────────────────────────────────────

Support = Literal["supported", "contradicted", "unsupported"]


class Sentence(Model):
    """A sentence of an explanation, what it cites, when that was, and whether it holds."""

    text: str
    cue_ids: tuple[str, ...]
    span: TimeSpan | None
    support: Support
    problem: str | None = None


class Conflict(Model):
    """Whether the modalities disagree, which, and what share of their pairs does (0 to 1)."""

    present: bool
    between: tuple[Modality, ...] = ()
    score: float | None = None


class SupportCounts(Model):
    """How many sentences of each kind an explanation has."""

    supported: int
    contradicted: int
    unsupported: int


class Provenance(Model):
    """Enough to replay a result."""

    affect_llm: str
    prompt: str
    model: str
    extractors: tuple[str, ...]
    settings: dict[str, object]
    calibrated: bool


class WindowVerdict(Model):
    """The answer for one stretch of a long clip."""

    span: TimeSpan
    label: str | None
    confidence: float | None
    valence: float | None
    arousal: float | None


class EmotionResult(Model):
    """`affect-llm/result@1`: the answer for one clip.

    `labels` is empty and `unparsed` says why when the answer could not be read; a label is
    never made up. `labels[0]` is the verdict; `abstained` is true when the confidence lies
    below the level that was asked for, and the verdict must then not be shown as one.
    """

    schema_version: Literal["affect-llm/result@1"] = RESULT_SCHEMA
    clip_id: str
    clip_name: str
    duration_s: float
    label_set: tuple[str, ...]
    labels: tuple[str, ...]
    distribution: dict[str, float] | None
    confidence: float | None
    abstained: bool
    open_labels: tuple[str, ...] = ()
    valence: float | None = None
    arousal: float | None = None
    dominance: float | None = None
    explanation: tuple[Sentence, ...] = ()
    support: SupportCounts
    modality_verdicts: dict[Modality, str] = Field(default_factory=dict)
    conflict: Conflict
    windows: tuple[WindowVerdict, ...] = ()
    sheet: CueSheet
    transcript: tuple[TranscriptSegment, ...] = ()
    raw: str
    unparsed: str | None = None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Sample:
    """One annotated item of a dataset: files or text, what people said of it, and its split."""

    id: str
    annotations: dict[str, object]
    split: str
    group: str
    text: str | None = None
    paths: dict[str, str] = field(default_factory=dict)


class Score(Model):
    """A number with its interval, what it was computed on and what was left out, by reason."""

    name: str
    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    skipped: dict[str, int] = Field(default_factory=dict)
