"""Measurements and absences in the form in which every extractor reports them."""

from collections.abc import Sequence
from typing import Literal

from affect_llm.cues.catalogue import kind_of
from affect_llm.cues.extractor import Extraction
from affect_llm.types import Absence, Baseline, Measurement, Modality, TimeSpan


def measured(
    name: str,
    value: float | str,
    span: TimeSpan,
    confidence: float,
    source: str,
    *,
    baseline: Baseline | None = None,
    person: str | None = None,
) -> Measurement:
    """A measurement of the kind called `name`, which gives modality, family and unit.

    Raises:
        UnknownComponent: the catalogue has no such kind.
    """
    kind = kind_of(name)
    return Measurement(
        modality=kind.modality,
        family=kind.family,
        name=name,
        value=value,
        unit=kind.unit,
        span=span,
        confidence=confidence,
        baseline=baseline,
        person=person,
        source=source,
    )


def nothing(
    modality: Modality,
    families: Sequence[str],
    reason: str,
    *,
    state: Literal["absent", "failed", "not_asked"] = "absent",
    remedy: str | None = None,
) -> Extraction:
    """An extraction without measurements, which gives the same reason for each family."""
    return Extraction(
        absent=tuple(
            Absence(modality=modality, family=family, state=state, reason=reason, remedy=remedy)
            for family in families
        )
    )
