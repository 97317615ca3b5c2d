"""The language model that ships inside the package."""

from affect_llm.config import Settings
from affect_llm.reasoners.local.causal_lm import CausalLM, load_causal_lm
from affect_llm.reasoners.specs import EMBEDDED
from affect_llm.store.shipped import shipped


def open_embedded(settings: Settings) -> CausalLM:
    """The shipped model; in float32 unless a dtype is asked for, so that machines agree.

    Raises:
        WeightsError: this build carries no such model, or it is damaged.
    """
    folder = shipped(EMBEDDED.name)
    dtype = "float32" if settings.dtype == "auto" else settings.dtype
    chosen = settings.model_copy(update={"dtype": dtype})
    return load_causal_lm(EMBEDDED.name, str(folder), chosen, writes=False)
