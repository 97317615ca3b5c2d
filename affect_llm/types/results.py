"""The answer for a clip: `affect-llm/result@1`."""

from typing import Literal

from pydantic import Field

from affect_llm.types.base import Modality, Model, TimeSpan, TranscriptSegment
from affect_llm.types.cues import CueSheet

RESULT_SCHEMA: Literal["affect-llm/result@1"] = "affect-llm/result@1"
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
    """What has to be known to replay a result."""

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
