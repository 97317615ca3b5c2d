"""LoRA weights on a model: every key in its place, and a proof that they change something."""

import json
import warnings
from dataclasses import fields
from pathlib import Path
from typing import Any

from affect_llm.adapters.folder import LORA_CONFIG, LORA_WEIGHTS
from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.store.pretrained import first_line

PROBE_IDS = (1, 2, 3, 5, 8, 13, 21, 34)
"""Tokens whose logits are compared; any will do that every model has, so they are small."""
_NOTES = {"auto_mapping", "peft_version", "base_model_class", "parent_library"}
"""Keys of the config that say where it came from."""
_INITS = (True, False, "gaussian", "orthogonal")
"""Beginnings that leave the base model's weights as they are."""
_PLAIN = {
    "bias": "none",
    "layer_replication": None,
    "alora_invocation_tokens": None,
    "arrow_config": None,
    "megatron_config": None,
}
"""The values of other keys with which a LoRA can be switched on and off beside others."""


def attach_lora(model: Any, folder: Path, name: str) -> Any:
    """The model with the LoRA in `folder` on it and switched on, as a `PeftModel`.

    The layers are put into `model` itself; its own weights stay as they are, and with the LoRA
    switched off it gives the very logits that it gave before.

    Args:
        model: a causal LM, or a `PeftModel` that gets another adapter beside those it has.
        folder: holds `adapter_config.json` and `adapter_model.safetensors`.
        name: to switch it on by; without dots.

    Raises:
        MissingExtra: peft is not installed.
        WeightsError: it does not fit the model, keys are missing or unexpected, or it changes
            nothing, or more than a LoRA may. The model is then as it was before.
    """
    try:
        import peft
    except ImportError as error:
        raise MissingExtra("an adapter", "llm") from error
    config = _config(folder)
    config.inference_mode = True
    wrapped = isinstance(model, peft.PeftModel)
    # One that has adapters already may have one of them on.
    plain = logits_without(model) if wrapped else probe_logits(model)
    peft_model = model
    try:
        with warnings.catch_warnings(action="ignore"):
            if wrapped:
                model.add_adapter(name, config)
            else:
                peft_model = peft.PeftModelForCausalLM(model, config, adapter_name=name)
    except (ValueError, RuntimeError, KeyError, TypeError, ImportError) as error:
        raise WeightsError(
            f"The LoRA in {folder} does not go on this model: {first_line(error)}. Use the base "
            "model that its manifest names."
        ) from error
    try:
        fill_lora(peft_model, folder, name)
        peft_model.base_model.enable_adapter_layers()
        peft_model.set_adapter(name)
        _require_effect(plain, probe_logits(peft_model), logits_without(peft_model), folder)
    except WeightsError:
        with warnings.catch_warnings(action="ignore"):
            peft_model.delete_adapter(name) if wrapped else peft_model.unload()
        raise
    peft_model.requires_grad_(False)
    return peft_model.eval()


def fill_lora(peft_model: Any, folder: Path, name: str) -> None:
    """Put the LoRA weights in `folder` into layers that are there.

    Args:
        peft_model: has LoRA layers by the name.
        folder: holds `adapter_model.safetensors`.
        name: that of the layers.

    Raises:
        WeightsError: keys are missing or unexpected, or a shape is another one.
    """
    from peft import get_peft_model_state_dict, set_peft_model_state_dict
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    file = folder / LORA_WEIGHTS
    try:
        given = load_file(file)
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{file} is not a safetensors file: {first_line(error)}.") from error
    wanted = get_peft_model_state_dict(peft_model, adapter_name=name, save_embedding_layers=False)
    common = wanted.keys() & given.keys()
    for kind, keys in (
        ("missing", wanted.keys() - given.keys()),
        ("unexpected", given.keys() - wanted.keys()),
        ("of another shape", {key for key in common if wanted[key].shape != given[key].shape}),
    ):
        if keys:
            raise WeightsError(
                f"The LoRA in {folder} does not fit the model and its adapter_config.json: "
                f"{len(keys)} keys are {kind}, the first '{min(keys)}'. Use the base model "
                "that its manifest names, or copy the whole folder again."
            )
    with warnings.catch_warnings(action="ignore"):
        set_peft_model_state_dict(peft_model, given, adapter_name=name)


def probe_logits(model: Any) -> Any:
    """Logits of the model as it is for a fixed handful of tokens, float32 on the CPU."""
    import torch

    limit = int(model.config.get_text_config().vocab_size)
    ids = torch.tensor([[i for i in PROBE_IDS if i < limit]], device=model.device)
    with torch.inference_mode():
        return model(input_ids=ids, use_cache=False).logits.float().cpu()


def logits_without(peft_model: Any) -> Any:
    """`probe_logits` of the base model below its adapters."""
    with peft_model.disable_adapter():
        return probe_logits(peft_model)


def _require_effect(plain: Any, switched_on: Any, switched_off: Any, folder: Path) -> None:
    """Refuse an adapter that changes nothing while it is on, or something while it is off."""
    import torch

    if torch.equal(plain, switched_on):
        raise WeightsError(
            f"The LoRA in {folder} changes nothing: the model's logits with it are those without "
            "it. It was not trained, or it belongs to another model."
        )
    if not torch.isfinite(switched_on).all():
        raise WeightsError(
            f"With the LoRA in {folder} the model's logits are no numbers. Train it again with a "
            "lower learning rate, or in another dtype."
        )
    if not torch.equal(plain, switched_off):
        raise WeightsError(
            f"With the LoRA in {folder} switched off the model's logits are not those from before: "
            "it changes the base model itself. Save it converted to a plain LoRA."
        )


def _config(folder: Path) -> Any:
    from peft import LoraConfig

    path = folder / LORA_CONFIG
    try:
        given = json.loads(path.read_bytes())
        kind = given.get("peft_type")
        unknown = set(given) - {f.name for f in fields(LoraConfig)} - _NOTES
        if kind != "LORA" or unknown:
            what = f"has {min(unknown)!r}" if unknown else f"is for {kind!r}"
            raise WeightsError(
                f"{path} {what}, and only a LoRA of this version of peft is put on. Update peft, "
                "or train it again as a LoRA."
            )
        odd = [key for key, value in _PLAIN.items() if given.get(key, value) != value]
        if given.get("init_lora_weights", True) not in _INITS:
            odd.append("init_lora_weights")
        if odd:
            raise WeightsError(
                f"{path} sets {odd[0]} to {given[odd[0]]!r}, which changes the base model itself, "
                "so it could not be switched off. Save it converted to a plain LoRA."
            )
        return LoraConfig(**{key: given[key] for key in set(given) - _NOTES})
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise WeightsError(
            f"{path} is no LoRA config: {first_line(error)}. Copy the whole folder again."
        ) from error
