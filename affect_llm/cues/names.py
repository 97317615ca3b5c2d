"""Which extractors the settings may name, known without importing any of them."""

from typing import Any

from affect_llm.config import Settings
from affect_llm.cues.face.registry import FACE
from affect_llm.cues.scene.registry import SCENE
from affect_llm.cues.speech.registry import SPEECH
from affect_llm.cues.voice.registry import VOICE
from affect_llm.errors import UnknownComponent
from affect_llm.registry import Registry, unknown_name

AUTO, OFF = "auto", "off"
FAMILIES: dict[str, Registry[Any]] = {
    "face": FACE,
    "voice": VOICE,
    "speech": SPEECH,
    "scene": SCENE,
}
"""Setting → the registry that it names a component of."""


def extractor_names(setting: str) -> tuple[str, ...]:
    """What the setting "face", "voice", "speech" or "scene" may be."""
    return (AUTO, OFF, *FAMILIES[setting].names())


def check_names(settings: Settings) -> None:
    """Refuse settings that name an extractor there is none of, asked for or not.

    Raises:
        UnknownComponent: the sentence has a near match and all names.
    """
    chosen = {
        "face": settings.face,
        "voice": settings.voice,
        "speech": settings.speech.partition(":")[0],
        "scene": settings.scene,
    }
    for setting, name in chosen.items():
        known = extractor_names(setting)
        if name not in known:
            raise UnknownComponent(unknown_name(FAMILIES[setting].family, name, known))
