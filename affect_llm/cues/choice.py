"""Which extractors a run uses, from its settings."""

from affect_llm.config import Settings
from affect_llm.cues.extractor import CueExtractor, Extraction
from affect_llm.cues.families import AUTO, OFF, check_names, choice_of, families
from affect_llm.cues.family import CueFamily
from affect_llm.errors import ConfigError, MissingExtra, WeightsError
from affect_llm.types import Absence, Modality


def extractors_for(settings: Settings) -> tuple[list[CueExtractor], Extraction]:
    """The extractors of a run, and what is absent before a clip is opened, and why.

    Raises:
        UnknownComponent: a setting names an extractor that does not exist.
        ConfigError: nothing at all was asked for.
    """
    check_names(settings)
    if not settings.modalities:
        raise ConfigError("No modality was asked for; allowed are text, audio and visual.")
    extractors: list[CueExtractor] = []
    absent: list[Absence] = [
        Absence(modality=m, state="not_asked", reason="it was left out of this run")
        for m in (Modality.TEXT, Modality.AUDIO, Modality.VISUAL)
        if m not in settings.modalities
    ]
    order = list(Modality)
    for family in sorted(families(), key=lambda family: order.index(family.modality)):
        if family.modality in settings.modalities:
            made = _extractor(family, choice_of(family, settings), settings)
            if isinstance(made, Absence):
                absent.append(made)
            else:
                extractors.append(made)
    return extractors, Extraction(absent=tuple(absent))


def _extractor(family: CueFamily, choice: str, settings: Settings) -> CueExtractor | Absence:
    """What "auto" cannot have is absent, with the reason; what a person named is an error."""
    if choice == OFF and not family.reads_given:
        return family.absence("it was switched off")
    try:
        name = family.default(settings) if choice == AUTO else choice
        return name if isinstance(name, Absence) else family.extractor(name, settings)
    except (MissingExtra, WeightsError) as error:
        if choice != AUTO:
            raise
        return family.absence(str(error), failed=True)
