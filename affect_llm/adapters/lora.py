"""LoRA weights on a model: every key in its place, and a proof that they change something."""

from pathlib import Path
from typing import Any

from affect_llm.adapters.folder import LORA_WEIGHTS
from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.store.pretrained import first_line

PROBE_IDS = (1, 2, 3, 5, 8, 13, 21, 34)
"""Any tokens will do, as long as a model has them."""


def attach_lora(model: Any, folder: Path, name: str) -> Any:
    """The model with the LoRA in `folder` on it and switched on, as a `PeftModel`.

    Args:
        model: a causal LM, or a `PeftModel` that gets another adapter beside those it has.
        folder: with `adapter_config.json` and `adapter_model.safetensors`.
        name: to switch it on by.

    Raises:
        MissingExtra: peft is not installed.
        WeightsError: it does not fit the model, keys are missing or unexpected, or it changes
            nothing.
    """
    try:
        from peft import PeftModel
    except ImportError as error:
        raise MissingExtra("an adapter", "llm") from error
    wants = _keys_in(folder / LORA_WEIGHTS)
    plain = probe_logits(model)
    try:
        if isinstance(model, PeftModel):
            model.load_adapter(str(folder), adapter_name=name, use_safetensors=True)
        else:
            model = PeftModel.from_pretrained(
                model, str(folder), adapter_name=name, use_safetensors=True
            )
    except (ValueError, RuntimeError, KeyError, TypeError) as error:
        raise WeightsError(
            f"The LoRA in {folder} does not go on this model: {first_line(error)}. Use the base "
            "model that its manifest names."
        ) from error
    model.set_adapter(name)
    _require_same_keys(model, name, wants, folder)
    require_effect(plain, probe_logits(model), folder)
    return model.eval()


def probe_logits(model: Any) -> Any:
    """Logits of the model as it is for a fixed handful of tokens, float32 on the CPU."""
    import torch

    limit = int(model.config.get_text_config().vocab_size)
    ids = torch.tensor([[i for i in PROBE_IDS if i < limit]], device=model.device)
    with torch.inference_mode():
        return model(input_ids=ids, use_cache=False).logits.float().cpu()


def require_effect(before: Any, after: Any, folder: Path) -> None:
    """Refuse an adapter that leaves the logits as they were.

    Raises:
        WeightsError: not one of them differs.
    """
    import torch

    if torch.equal(before, after):
        raise WeightsError(
            f"The LoRA in {folder} changes nothing: the model's logits with it are those without "
            "it. It was not trained, or it belongs to another model."
        )


def _keys_in(file: Path) -> set[str]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="pt") as tensors:
            return set(tensors.keys())
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{file} is not a safetensors file: {first_line(error)}.") from error


def _require_same_keys(model: Any, name: str, wants: set[str], folder: Path) -> None:
    from peft import get_peft_model_state_dict

    takes = set(get_peft_model_state_dict(model, adapter_name=name, save_embedding_layers=False))
    for kind, keys in (("missing", takes - wants), ("unexpected", wants - takes)):
        if keys:
            raise WeightsError(
                f"The LoRA in {folder} does not fit its adapter_config.json: {len(keys)} keys are "
                f"{kind}, the first '{sorted(keys)[0]}'. Copy the whole folder again."
            )
