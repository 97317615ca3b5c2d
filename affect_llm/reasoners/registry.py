"""Reasoners by name."""

from collections.abc import Callable

from affect_llm.config import Settings
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.registry import Registry

ReasonerFactory = Callable[[Settings], Reasoner]

REASONERS: Registry[ReasonerFactory] = Registry(
    "reasoners",
    {
        "embedded": "affect_llm.reasoners.local.embedded:open_embedded",
        "fake": "affect_llm.reasoners.fake:open_fake",
        "omni": "affect_llm.reasoners.omni.omni:open_omni",
        "openai": "affect_llm.reasoners.served.openai:open_openai",
        "transformers": "affect_llm.reasoners.local.causal_lm:open_causal_lm",
        "vllm": "affect_llm.reasoners.served.vllm_server:open_vllm_server",
        "vllm-engine": "affect_llm.reasoners.served.vllm_engine:open_vllm_engine",
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
