"""Flags become settings, and unknown names get a hint before anything heavy is loaded."""

import re
from pathlib import Path

from affect_llm.config import Settings, load_settings
from affect_llm.cues.families import check_names
from affect_llm.errors import ConfigError
from affect_llm.labels.sets import label_set
from affect_llm.reasoners.local.device import check_precision
from affect_llm.reasoners.registry import names_where, reasoner_spec
from affect_llm.registry import unknown_name
from affect_llm.types import Modality

MODALITIES = tuple(map(str, (Modality.TEXT, Modality.AUDIO, Modality.VISUAL)))
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
"""Shape of an IETF tag (RFC 5646): "en", "pt-BR"."""


def checked_settings(
    file: Path | None,
    *,
    modalities: str | None = None,
    server: str | None = None,
    **flags: str | float | None,
) -> Settings:
    """The settings of a run; a flag of None was not given.

    Args:
        file: of settings.
        modalities: a comma list.
        server: URL of a running server.
        **flags: other settings by their names.

    Raises:
        ConfigError: an unknown setting, label set, modality or precision, what is no language
            code, a model or server for a reasoner that takes none, or no model for one that
            needs it.
        UnknownComponent: an unknown extractor or reasoner.
    """
    chosen = None if modalities is None else parse_modalities(modalities)
    url = None if server is None else {"url": server}
    settings = load_settings(file, modalities=chosen, server=url, **flags)
    label_set(settings.labels)
    check_names(settings)
    check_precision(settings.dtype, settings.quantize)
    _check_reasoner(settings, model=flags.get("model") is not None, server=server is not None)
    if settings.language is not None and not _LANGUAGE.fullmatch(settings.language):
        raise ConfigError(
            f"--lang wants a language code such as en, de or pt-BR, not '{settings.language}'."
        )
    return settings


def _check_reasoner(settings: Settings, *, model: bool, server: bool) -> None:
    """Hold the flags that were given against what the reasoner declares."""
    spec = reasoner_spec(settings.reasoner)
    if model and spec.model == "none":
        raise ConfigError(
            f"The {spec.name} reasoner takes no --model; give --reasoner "
            f"{names_where(lambda other: other.model != 'none')} as well."
        )
    if server and not spec.server:
        raise ConfigError(
            f"The {spec.name} reasoner takes no --server; give --reasoner "
            f"{names_where(lambda other: other.server)} as well."
        )
    if spec.model == "required":
        spec.model_of(settings)


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
