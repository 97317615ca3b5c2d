"""The cue families there are, and which extractor of each a run's settings choose."""

from functools import lru_cache

from affect_llm.config import Settings
from affect_llm.cues.family import CueFamily
from affect_llm.errors import ConfigError, UnknownComponent
from affect_llm.registry import Registry, unknown_name

AUTO, OFF = "auto", "off"
_SHIPPED = {
    "face": "affect_llm.cues.face.family:FACE",
    "voice": "affect_llm.cues.voice.family:VOICE",
    "speech": "affect_llm.cues.speech.family:SPEECH",
    "scene": "affect_llm.cues.scene.family:SCENE",
}
FAMILIES: Registry[CueFamily] = Registry("cue families", _SHIPPED)


@lru_cache(maxsize=1)
def families() -> tuple[CueFamily, ...]:
    """The declarations of every family, those of other packages last.

    Raises:
        ConfigError: two families use one letter, or one name for a kind.
    """
    names = sorted(FAMILIES.names(), key=lambda n: (n not in _SHIPPED, [*_SHIPPED, n].index(n), n))
    found = tuple(FAMILIES.get(name) for name in names)
    for what, used in (
        ("the letter", [family.letter for family in found]),
        ("the kind", [kind.name for family in found for kind in family.kinds]),
    ):
        twice = next((one for one in used if used.count(one) > 1), None)
        if twice is not None:
            raise ConfigError(f"Two cue families have {what} '{twice}'; give the new one another.")
    return found


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
    """
    for family in families():
        name, known = choice_of(family, settings), extractor_names(family.name)
        name = name.partition(":")[0] if family.takes_weights else name
        if name not in known:
            raise UnknownComponent(unknown_name(family.extractors.family, name, known))
    others = [family.name for family in families() if family.name not in _SHIPPED]
    for name in settings.cues:
        if name in _SHIPPED:
            raise ConfigError(f"'{name}' is no entry of 'cues' but a setting of its own.")
        if name not in others:
            raise UnknownComponent(unknown_name("further cue families", name, others))
