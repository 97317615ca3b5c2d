"""The language model that ships inside the package."""

from affect_llm.adapters.folder import read_calibration
from affect_llm.config import Settings
from affect_llm.reasoners.local.causal_lm import CausalLM, load_causal_lm
from affect_llm.reasoners.local.plain_checkpoint import open_plain
from affect_llm.reasoners.specs import EMBEDDED
from affect_llm.store.shipped import shipped


def open_embedded(settings: Settings) -> CausalLM:
    """The shipped model; in float32 unless a dtype is asked for, so that machines agree.

    Without an adapter and in full precision it is opened by our own decoder, because importing
    transformers takes longer than all the rest. That it obeys a schema is known (tests hold it),
    so it is not asked to prove it as every other model is.

    Raises:
        WeightsError: this build carries no such model, or it is damaged.
    """
    folder = shipped(EMBEDDED.name)
    dtype = "float32" if settings.dtype == "auto" else settings.dtype
    chosen = settings.model_copy(update={"dtype": dtype})
    if settings.adapter is None and settings.quantize is None:
        checkpoint = open_plain(folder, chosen)
        if checkpoint is not None:
            calibration = read_calibration(folder / "calibration.json")
            return CausalLM(
                EMBEDDED.name, checkpoint, calibration, settings.batch_size, writes=False
            )
    return load_causal_lm(EMBEDDED.name, str(folder), chosen, writes=False)
