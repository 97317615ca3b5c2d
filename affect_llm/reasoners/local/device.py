"""Where and in what precision a model runs, and what to do when it does not fit."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from affect_llm.errors import CapabilityError, ConfigError, MissingExtra

DTYPES = ("auto", "float32", "bfloat16", "float16")
QUANTIZATIONS = ("4bit", "8bit")


def pick_device(setting: str) -> str:
    """The torch device for a setting: "auto" takes cuda, then mps, then cpu.

    Raises:
        CapabilityError: the device that was asked for is not in this machine.
        ConfigError: no kind of device has that name.
    """
    import torch

    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    kinds = {"cuda": cuda, "mps": mps, "cpu": True}
    usable = [kind for kind, present in kinds.items() if present]
    if setting == "auto":
        return usable[0]
    kind = setting.partition(":")[0]
    if kind not in kinds:
        raise ConfigError(f"There is no device '{setting}'. Known: auto, {', '.join(kinds)}.")
    if kind not in usable:
        raise CapabilityError(
            f"The device '{setting}' is not available here. Use one of: {', '.join(usable)}."
        )
    return setting


def check_precision(dtype: str, quantize: str | None) -> None:
    """Refuse names that nothing goes by, without loading anything.

    Raises:
        ConfigError: not one of `DTYPES` or `QUANTIZATIONS`.
    """
    if dtype not in DTYPES:
        raise ConfigError(f"There is no dtype '{dtype}'. Known: {', '.join(DTYPES)}.")
    if quantize is not None and quantize not in QUANTIZATIONS:
        known = ", ".join(QUANTIZATIONS)
        raise ConfigError(f"There is no quantisation '{quantize}'. Known: {known}.")


def pick_dtype(setting: str) -> Any:
    """The `dtype` argument of `from_pretrained`; "auto" keeps the checkpoint's own precision.

    Raises:
        ConfigError: not one of `DTYPES`.
    """
    import torch

    check_precision(setting, None)
    return "auto" if setting == "auto" else getattr(torch, setting)


def quantization_config(setting: str | None, dtype: str = "auto") -> Any:
    """A `BitsAndBytesConfig` for "4bit" or "8bit"; None for None.

    "4bit" is NF4 with double quantisation (Dettmers et al. 2023, arXiv 2305.14314, section 3),
    computed in `dtype`, or in bfloat16 for "auto".

    Raises:
        ConfigError: another name.
        MissingExtra: bitsandbytes is not installed.
    """
    if setting is None:
        return None
    check_precision(dtype, setting)
    if find_spec("bitsandbytes") is None:
        raise MissingExtra(f"{setting} quantisation", "quantize")
    import torch
    import transformers

    config: Any = transformers.BitsAndBytesConfig
    if setting == "8bit":
        # It says for every layer and token that inputs are cast, which is what was asked for.
        logging.getLogger("bitsandbytes.autograd._functions").setLevel(logging.ERROR)
        return config(load_in_8bit=True)
    chosen = pick_dtype(dtype)
    return config(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16 if chosen == "auto" else chosen,
    )


@contextmanager
def memory_guard(what: str) -> Iterator[None]:
    """Turn running out of memory into a sentence.

    Raises:
        CapabilityError: `what` did not fit.
    """
    import torch

    try:
        yield
    except (MemoryError, RuntimeError) as error:
        # Of the CPU's memory torch speaks in an error like any other.
        short = isinstance(error, MemoryError | torch.OutOfMemoryError)
        if not short and "can't allocate memory" not in str(error):
            raise
        raise CapabilityError(
            f"There is not enough memory for {what}. Lower batch_size, load it quantised "
            "(quantize = '4bit'), or choose a smaller model."
        ) from error
