"""Reasoners by name."""

from collections.abc import Callable

from affect_llm.config import Settings
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.registry import Registry

ReasonerFactory = Callable[[Settings], Reasoner]

REASONERS: Registry[ReasonerFactory] = Registry(
    "reasoners",
    {
        "embedded": "affect_llm.reasoners.embedded:open_embedded",
        "transformers": "affect_llm.reasoners.causal_lm:open_causal_lm",
        "fake": "affect_llm.reasoners.fake:open_fake",
    },
)


def open_reasoner(settings: Settings) -> Reasoner:
    """The reasoner that `settings.reasoner` names, loaded and ready to answer.

    Raises:
        UnknownComponent: no reasoner has that name.
        MissingExtra: its packages are not installed.
        WeightsError: its weights are absent, corrupt, pickled or do not fit.
        CapabilityError: the checkpoint or the machine cannot do what is asked.
    """
    return REASONERS.get(settings.reasoner)(settings)
