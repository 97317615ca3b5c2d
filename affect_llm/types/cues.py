"""Cues of a clip: what was measured, and what could not be measured."""

from typing import Literal

from pydantic import Field

from affect_llm.types.base import Modality, Model, TimeSpan


class Baseline(Model):
    """The level that a value is compared with: this speaker's own, or a published norm."""

    kind: Literal["speaker", "norm"]
    mean: float
    sd: float = Field(gt=0)
    source: str


class Measurement(Model):
    """One thing that was seen, heard or said, with its provenance.

    Args:
        name: a kind from `cues.catalogue` ("AU12", "pitch.mean", "voice.anger", "words").
        value: the quantity in `unit`; a string for words and scene labels.
        unit: as in the catalogue ("Hz", "FACS 0-5", "p", "sd" …).
        span: the time that the value holds for.
        confidence: of the measurement itself (detection, voicing …), 0 to 1.
        person: a stable track id ("P1") where several people may be meant.
        source: the provenance, `extractor@version#weights`.
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
        """How many of its standard deviations a value lies from its baseline; None without one."""
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
        """The cues of the sheet, keyed by id."""
        return {cue.id: cue for cue in self.cues}

    def within(self, span: TimeSpan) -> "CueSheet":
        """The same sheet with only the cues that touch `span`."""
        cues = tuple(c for c in self.cues if c.span.overlaps(span) or c.span == span)
        return CueSheet(cues=cues, absent=self.absent)
