"""Every kind of cue there is, as the families declare them.

Extractors measure these, prompts print them, the checker knows what may be said of them.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.families import families
from affect_llm.cues.family import CueFamily
from affect_llm.cues.kinds import CueKind
from affect_llm.errors import UnknownComponent
from affect_llm.registry import unknown_name
from affect_llm.types import Cue, CueSheet, Measurement


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, tuple[CueKind, CueFamily]]:
    return {kind.name: (kind, family) for family in families() for kind in family.kinds}


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, CueKind]:
    """The table of every kind by its name, in the order of the families."""
    return MappingProxyType({name: kind for name, (kind, _) in _catalogue().items()})


def kind_of(name: str) -> CueKind:
    """Look up the kind called `name`.

    Raises:
        UnknownComponent: no such kind.
    """
    if name not in kinds():
        raise UnknownComponent(unknown_name("kinds of cue", name, kinds()))
    return kinds()[name]


def family_of(name: str) -> CueFamily:
    """The family that declares the kind called `name`; it raises what `kind_of` does."""
    return _catalogue()[kind_of(name).name][1]


@lru_cache(maxsize=1)
def id_letters() -> str:
    """The first letters of cue ids, as they stand in a class of a regular expression: "FVTS"."""
    return "".join(family.letter for family in families())


def number_of(measurement: Measurement) -> float | None:
    """The number that words are about: the deviation of a relative kind, else the value.

    None for texts, and for a relative kind without a baseline: nothing says what is high.
    """
    kind = kind_of(measurement.name)
    if kind.scale is None or isinstance(measurement.value, str):
        return None
    return measurement.deviation if kind.relative else measurement.value


def word_of(measurement: Measurement) -> str | None:
    """The scale word for a measurement, e.g. "high"; None where there is no number for it."""
    scale, number = kind_of(measurement.name).scale, number_of(measurement)
    return None if scale is None or number is None else scale.word(number)


def number_cues(extractions: Sequence[Extraction]) -> CueSheet:
    """Give every measurement its short id, in order of modality, time and mention.

    Ids count per letter of a family ("F1", "F2", "V1").
    """
    counts: dict[str, int] = {}
    cues: list[Cue] = []
    measurements = [m for e in extractions for m in e.measurements]
    for measurement in sorted(measurements, key=lambda m: (m.modality, m.span.start_s)):
        letter = family_of(measurement.name).letter
        counts[letter] = counts.get(letter, 0) + 1
        cues.append(Cue(id=f"{letter}{counts[letter]}", **measurement.model_dump()))
    return CueSheet(cues=tuple(cues), absent=tuple(a for e in extractions for a in e.absent))
