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
"""Any tokens will do, as long as a model has them."""
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
"""What else has to be so for a LoRA to be switched on and off beside others."""


def attach_lora(model: Any, folder: Path, name: str) -> Any:
    """The model with the LoRA in `folder` on it and switched on, as a `PeftModel`.

    The layers are put into `model` itself; its own weights stay as they are, and with the LoRA
    switched off it gives the very logits that it gave before.

    Args:
        model: a causal LM, or a `PeftModel` that gets another adapter beside those it has.
        folder: with `adapter_config.json` and `adapter_model.safetensors`.
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
    wrapped = isinstance(model, peft.PeftModel)
    plain = logits_without(model) if wrapped else probe_logits(model)
    peft_model = _dressed(model, config, name, folder)
    try:
        fill_lora(peft_model, folder, name)
        peft_model.base_model.enable_adapter_layers()
        peft_model.set_adapter(name)
        require_effect(plain, probe_logits(peft_model), folder)
        _require_untouched(plain, logits_without(peft_model), folder)
    except WeightsError:
        _undress(peft_model, name, wrapped)
        raise
    peft_model.requires_grad_(False)
    return peft_model.eval()


def fill_lora(peft_model: Any, folder: Path, name: str) -> None:
    """Put the LoRA weights in `folder` into layers that are there.

    Args:
        peft_model: with LoRA layers by the name.
        folder: with `adapter_model.safetensors`.
        name: of the layers.

    Raises:
        WeightsError: keys are missing or unexpected, or a shape is another one.
    """
    from peft import get_peft_model_state_dict, set_peft_model_state_dict

    tensors = _tensors(folder / LORA_WEIGHTS)
    takes = get_peft_model_state_dict(peft_model, adapter_name=name, save_embedding_layers=False)
    _require_same(
        {key: tuple(t.shape) for key, t in takes.items()},
        {key: tuple(t.shape) for key, t in tensors.items()},
        folder,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        set_peft_model_state_dict(peft_model, tensors, adapter_name=name)


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


def require_effect(before: Any, after: Any, folder: Path) -> None:
    """Refuse an adapter that leaves the logits as they were.

    Raises:
        WeightsError: not one of them differs, or they are no numbers.
    """
    import torch

    if torch.equal(before, after):
        raise WeightsError(
            f"The LoRA in {folder} changes nothing: the model's logits with it are those without "
            "it. It was not trained, or it belongs to another model."
        )
    if not torch.isfinite(after).all():
        raise WeightsError(
            f"With the LoRA in {folder} the model's logits are no numbers. Train it again with a "
            "lower learning rate, or in another dtype."
        )


def _require_untouched(before: Any, after: Any, folder: Path) -> None:
    import torch

    if not torch.equal(before, after):
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
            what = f"has {sorted(unknown)[0]!r}" if unknown else f"is for {kind!r}"
            raise WeightsError(
                f"{path} {what}, and only a LoRA of this version of peft is put on. Update peft, "
                "or train it again as a LoRA."
            )
        _require_plain(given, path)
        return LoraConfig(**{key: given[key] for key in set(given) - _NOTES})
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise WeightsError(
            f"{path} is no LoRA config: {first_line(error)}. Copy the whole folder again."
        ) from error


def _require_plain(given: dict[str, Any], path: Path) -> None:
    odd = [key for key, value in _PLAIN.items() if given.get(key, value) != value]
    if given.get("init_lora_weights", True) not in _INITS:
        odd.append("init_lora_weights")
    if odd:
        raise WeightsError(
            f"{path} sets {odd[0]} to {given[odd[0]]!r}, which changes the base model itself, so "
            "it could not be switched off. Save it converted to a plain LoRA."
        )


def _tensors(file: Path) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return dict(load_file(file))
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{file} is not a safetensors file: {first_line(error)}.") from error


def _dressed(model: Any, config: Any, name: str, folder: Path) -> Any:
    """With fresh LoRA layers by the name."""
    from peft import PeftModel, PeftModelForCausalLM

    config.inference_mode = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if isinstance(model, PeftModel):
                model.add_adapter(name, config)
                return model
            return PeftModelForCausalLM(model, config, adapter_name=name)
    except (ValueError, RuntimeError, KeyError, TypeError, ImportError) as error:
        raise WeightsError(
            f"The LoRA in {folder} does not go on this model: {first_line(error)}. Use the base "
            "model that its manifest names."
        ) from error


def _undress(peft_model: Any, name: str, wrapped: bool) -> None:
    if not wrapped:
        peft_model.unload()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peft_model.delete_adapter(name)


def _require_same(
    takes: dict[str, tuple[int, ...]], given: dict[str, tuple[int, ...]], folder: Path
) -> None:
    kinds = {
        "missing": takes.keys() - given.keys(),
        "unexpected": given.keys() - takes.keys(),
        "of another shape": {k for k in takes.keys() & given.keys() if takes[k] != given[k]},
    }
    for kind, keys in kinds.items():
        if keys:
            raise WeightsError(
                f"The LoRA in {folder} does not fit the model and its adapter_config.json: "
                f"{len(keys)} keys are {kind}, the first '{sorted(keys)[0]}'. Use the base model "
                "that its manifest names, or copy the whole folder again."
            )
