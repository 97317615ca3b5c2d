"""Reasoners by name."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from affect_llm.errors import ConfigError
from affect_llm.reasoners.spec import ReasonerSpec
from affect_llm.registry import Registry

if TYPE_CHECKING:
    from affect_llm.config import Settings
    from affect_llm.reasoners.reasoner import Reasoner

_TABLE = {
    "embedded": "affect_llm.reasoners.spec:EMBEDDED",
    "transformers": "affect_llm.reasoners.spec:TRANSFORMERS",
    "vllm": "affect_llm.reasoners.spec:VLLM",
    "vllm-engine": "affect_llm.reasoners.spec:VLLM_ENGINE",
    "openai": "affect_llm.reasoners.spec:OPENAI",
    "omni": "affect_llm.reasoners.spec:OMNI",
    "fake": "affect_llm.reasoners.spec:FAKE",
}
REASONERS: Registry[ReasonerSpec] = Registry("reasoners", _TABLE)


def reasoner_spec(name: str) -> ReasonerSpec:
    """What the reasoner called `name` declares.

    Raises:
        UnknownComponent: no reasoner has that name.
        ConfigError: a third party registered something else under it.
    """
    spec = REASONERS.get(name)
    if not isinstance(spec, ReasonerSpec):
        raise ConfigError(
            f"The package that registers the reasoner '{name}' points at no ReasonerSpec. Get a "
            "newer version of it."
        )
    return spec


def reasoner_specs() -> list[ReasonerSpec]:
    """All declarations: our own in the order of the table, then those of third parties.

    A package that is broken is left out: it concerns only those who ask for its reasoner.
    """
    specs = [reasoner_spec(name) for name in _TABLE]
    for name in REASONERS.names():
        with suppress(ImportError, AttributeError, ConfigError):
            specs += [] if name in _TABLE else [reasoner_spec(name)]
    return specs


def names_where(takes: Callable[[ReasonerSpec], bool]) -> str:
    """The reasoners that take something, as words for a sentence: "vllm or openai"."""
    *names, last = [spec.name for spec in reasoner_specs() if takes(spec)]
    return f"{', '.join(names)} or {last}" if names else last


def open_reasoner(settings: "Settings") -> "Reasoner":
    """The reasoner that `settings.reasoner` names, loaded and ready to answer.

    Raises:
        UnknownComponent: no reasoner has that name.
        MissingExtra, WeightsError, CapabilityError: see `ReasonerSpec.open`.
    """
    return reasoner_spec(settings.reasoner).open(settings)
