"""The cue families there are, and which extractor of each a run's settings choose."""

import logging
from collections.abc import Sequence
from functools import lru_cache

from affect_llm.config import Settings
from affect_llm.cues.extractor import CueExtractor, Extraction
from affect_llm.cues.family import CueFamily
from affect_llm.errors import ConfigError, MissingExtra, UnknownComponent, WeightsError
from affect_llm.registry import Registry, unknown_name
from affect_llm.types import Absence, Modality

AUTO, OFF = "auto", "off"
GROUP = "affect_llm.cue_families"
"""The entry points that families of other packages are registered by."""
_SHIPPED = {
    "face": "affect_llm.cues.face.family:FACE",
    "voice": "affect_llm.cues.voice.family:VOICE",
    "speech": "affect_llm.cues.speech.family:SPEECH",
    "scene": "affect_llm.cues.scene.family:SCENE",
}
log = logging.getLogger(__name__)
FAMILIES: Registry[CueFamily] = Registry("cue families", _SHIPPED)


@lru_cache(maxsize=1)
def families() -> tuple[CueFamily, ...]:
    """The declarations of every family, those of other packages last.

    A family of another package that is broken, or whose letter or kinds another family has, is
    logged and left out; it is named as an error where the settings ask for it.
    """
    usable: list[CueFamily] = []
    for name, family in FAMILIES.components():
        try:
            usable.append(_check_apart(name, family, usable))
        except ConfigError as error:
            log.warning("%s", error)
    return tuple(usable)


def _check_apart(name: str, family: object, others: Sequence[CueFamily]) -> CueFamily:
    """The family that is registered as `name`, which has to be like no other."""
    if not isinstance(family, CueFamily) or family.name != name:
        raise ConfigError(f"The entry point '{name}' of {GROUP} is no CueFamily of that name.")
    letters = {other.letter for other in others}
    kinds = {kind.name for other in others for kind in other.kinds}
    twice = [kind.name for kind in family.kinds if kind.name in kinds]
    if family.letter in letters or twice:
        what = f"letter '{family.letter}'" if family.letter in letters else f"kind '{twice[0]}'"
        raise ConfigError(f"The cue family '{name}' has the {what}, which another one has too.")
    return family


def choice_of(family: CueFamily, settings: Settings) -> str:
    """What the settings say of a family: "auto", "off" or the name of an extractor."""
    if family.name in _SHIPPED:
        return str(getattr(settings, family.name))
    return settings.cues.get(family.name, AUTO)


def extractor_names(setting: str) -> tuple[str, ...]:
    """What the setting of a family ("face", "voice" …) may be."""
    return (AUTO, OFF, *FAMILIES.get(setting).extractors.names())


def check_names(settings: Settings) -> None:
    """Refuse settings that name an extractor or a family there is none of, asked for or not.

    Raises:
        UnknownComponent: the sentence has a near match and all names.
        ConfigError: a family of another package is asked for and cannot be used.
    """
    for family in families():
        choice, names = choice_of(family, settings), extractor_names(family.name)
        choice = choice.partition(":")[0] if family.takes_weights else choice
        if choice not in names:
            raise UnknownComponent(unknown_name(family.extractors.family, choice, names))
    known = [family.name for family in families() if family.name not in _SHIPPED]
    for name in settings.cues:
        if name in _SHIPPED:
            raise ConfigError(f"'{name}' is no entry of 'cues' but a setting of its own.")
        if name not in FAMILIES.names():
            raise UnknownComponent(unknown_name("further cue families", name, known))
        if name not in known:
            _check_apart(name, FAMILIES.get(name), families())


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
    # What is absent is entered in the order of the modalities, whatever that of the families.
    order = list(Modality)
    for family in sorted(families(), key=lambda family: order.index(family.modality)):
        if family.modality in settings.modalities:
            extractor = _extractor(family, choice_of(family, settings), settings)
            if isinstance(extractor, Absence):
                absent.append(extractor)
            else:
                extractors.append(extractor)
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
