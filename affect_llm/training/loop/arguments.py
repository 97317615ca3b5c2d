"""A stage in the words of transformers' `TrainingArguments`."""

import math
from pathlib import Path
from typing import Any

from transformers import TrainingArguments

from affect_llm.errors import ConfigError
from affect_llm.store.pretrained import first_line

_LOGS = 60
"""Losses in the log of a stage: enough points for the report's curve."""
_FIXED: dict[str, Any] = {
    "per_device_train_batch_size": 1,  # an item of `Steps` is a whole batch
    "save_strategy": "steps",
    "save_total_limit": 2,  # one more than is needed, should the last be cut short
    "logging_strategy": "steps",
    "report_to": "none",
    "disable_tqdm": True,
    "log_level": "error",
    "remove_unused_columns": False,  # a `Batch` has no columns
    "dataloader_pin_memory": False,  # nor tensors before the forward pass
    "ddp_find_unused_parameters": False,  # `SftModel` gives every weight a gradient
    "ddp_broadcast_buffers": False,  # buffers are fitted before training and stay
}


def stage_arguments(
    folder: Path, batches: int, *, warmup: float, **options: Any
) -> TrainingArguments:
    """Make the arguments of a stage that trains on `Steps`.

    Args:
        folder: of its checkpoints.
        batches: of an epoch.
        warmup: share of the steps in which the rates rise.
        options: of `TrainingArguments`, as they are called there.

    Raises:
        ConfigError: an optimizer or precision that transformers refuses here.
    """
    try:
        arguments = TrainingArguments(output_dir=str(folder), **_FIXED, **options)
    except (ValueError, ImportError) as error:
        raise ConfigError(f"The training cannot be set up so: {first_line(error)}.") from error
    total = total_steps(arguments, batches)
    arguments.warmup_steps = round(warmup * total)
    arguments.logging_steps = max(1, total // _LOGS)
    return arguments


def steps_per_epoch(batches: int, arguments: TrainingArguments) -> int:
    """Optimizer steps that an epoch of so many batches takes, as the `Trainer` counts them."""
    share = math.ceil(batches / max(1, int(arguments.world_size)))
    return max(1, math.ceil(share / int(arguments.gradient_accumulation_steps)))


def total_steps(arguments: TrainingArguments, batches: int) -> int:
    """How many optimizer steps a stage takes from its start to its end."""
    epochs = float(arguments.num_train_epochs)
    limit = int(arguments.max_steps)
    return math.ceil(epochs * steps_per_epoch(batches, arguments)) if limit < 0 else limit
