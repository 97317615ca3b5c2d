"""Flags become settings, and unknown names get a hint before anything heavy is loaded."""

from pathlib import Path

from affect_llm.config import Settings, load_settings
from affect_llm.errors import ConfigError
from affect_llm.labels.sets import label_set
from affect_llm.registry import unknown_name
from affect_llm.types import Modality

FACES = ("auto", "light", "mediapipe", "off")
MODALITIES = tuple(
    str(m) for m in (Modality.TEXT, Modality.AUDIO, Modality.VISUAL, Modality.PHYSIOLOGY)
)


def checked_settings(
    file: Path | None, *, modalities: str | None, **flags: str | float | None
) -> Settings:
    """The settings of a run; a flag of None was not given.

    Raises:
        ConfigError: an unknown setting, label set, modality or face extractor.
    """
    chosen = None if modalities is None else parse_modalities(modalities)
    settings = load_settings(file, modalities=chosen, **flags)
    label_set(settings.labels)
    if settings.face not in FACES:
        raise ConfigError(unknown_name("face extractors", settings.face, FACES))
    return settings


def parse_modalities(spec: str) -> tuple[Modality, ...]:
    """The modalities of a comma list ("text,audio"), each once, in the order given.

    Raises:
        ConfigError: an unknown name, or none at all.
    """
    names = list(dict.fromkeys(part.strip().lower() for part in spec.split(",") if part.strip()))
    if not names:
        raise ConfigError(f"--modalities names none; choose from {', '.join(MODALITIES)}.")
    for name in names:
        if name not in MODALITIES:
            raise ConfigError(unknown_name("modalities", name, MODALITIES))
    return tuple(Modality(name) for name in names)
