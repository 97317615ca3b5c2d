"""Flags become settings, and unknown names get a hint before anything heavy is loaded."""

from collections.abc import Sequence
from pathlib import Path

from affect_llm.config import Settings, load_settings
from affect_llm.cues.face.registry import FACE
from affect_llm.errors import ConfigError, UnknownComponent
from affect_llm.labels.sets import label_set
from affect_llm.reasoners.registry import REASONERS
from affect_llm.registry import unknown_name
from affect_llm.types import Modality

MODALITIES = tuple(str(modality) for modality in Modality)


def checked_settings(
    file: Path | None, *, modalities: str | None, **flags: str | float | None
) -> Settings:
    """The settings of a run; a flag of None was not given.

    Raises:
        ConfigError: an unknown setting, label set or modality.
        UnknownComponent: an unknown face extractor or reasoner.
    """
    chosen = None if modalities is None else parse_modalities(modalities)
    settings = load_settings(file, modalities=chosen, **flags)
    label_set(settings.labels)
    _known("face extractors", settings.face, ("auto", "off", *FACE.names()))
    _known("reasoners", settings.reasoner, REASONERS.names())
    return settings


def _known(family: str, name: str, names: Sequence[str]) -> None:
    if name not in names:
        raise UnknownComponent(unknown_name(family, name, names))


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
