"""A stage in the words of transformers' `TrainingArguments`."""

import math
from pathlib import Path
from typing import Any

from transformers import TrainingArguments

from affect_llm.errors import ConfigError
from affect_llm.store.pretrained import first_line
from affect_llm.training.sft.settings import SftSettings

_LOGS = 60


def training_arguments(
    settings: SftSettings, number: int, folder: Path, batches: int
) -> TrainingArguments:
    """Arguments of a stage.

    Args:
        settings: of the run, as they hold in the stage.
        number: of the stage, from 0; moves the seed.
        folder: of its checkpoints.
        batches: of an epoch.

    Raises:
        ConfigError: an optimizer or precision that transformers refuses here.
    """
    options: dict[str, Any] = {
        "output_dir": str(folder),
        "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": settings.accumulate,
        "num_train_epochs": settings.epochs,
        "max_steps": settings.max_steps or -1,
        "learning_rate": settings.learning_rate,
        "weight_decay": settings.weight_decay,
        "max_grad_norm": settings.clip,
        "optim": settings.optimizer,
        "lr_scheduler_type": _SCHEDULES[settings.schedule],
        "bf16": settings.precision == "bf16",
        "fp16": settings.precision == "fp16",
        "use_cpu": settings.device == "cpu",
        "seed": settings.seed + number,
        "save_strategy": "steps",
        "save_steps": settings.save_steps,
        "save_total_limit": 2,
        "logging_strategy": "steps",
        "report_to": "none",
        "disable_tqdm": True,
        "log_level": "error",
        "remove_unused_columns": False,
        "dataloader_pin_memory": False,
        "ddp_find_unused_parameters": False,
        "ddp_broadcast_buffers": False,
    }
    try:
        arguments = TrainingArguments(**options)
    except (ValueError, ImportError) as error:
        raise ConfigError(f"The training cannot be set up so: {first_line(error)}.") from error
    return _paced(arguments, settings, total_steps(arguments, batches))


def steps_per_epoch(batches: int, arguments: TrainingArguments) -> int:
    """Optimizer steps that an epoch of so many batches takes, as the `Trainer` counts them."""
    share = math.ceil(batches / max(1, int(arguments.world_size)))
    return max(1, math.ceil(share / int(arguments.gradient_accumulation_steps)))


def total_steps(arguments: TrainingArguments, batches: int) -> int:
    """Optimizer steps of a stage."""
    epochs = float(arguments.num_train_epochs)
    whole = math.ceil(epochs * steps_per_epoch(batches, arguments))
    asked = int(arguments.max_steps)
    return whole if asked < 0 else asked


def _paced(arguments: TrainingArguments, settings: SftSettings, total: int) -> TrainingArguments:
    """With warm-up, logs and evaluations spread over so many steps."""
    arguments.warmup_steps = 0 if settings.schedule == "step" else round(settings.warmup * total)
    arguments.logging_steps = max(1, total // _LOGS)
    arguments.eval_steps = max(1, total // settings.evaluations)
    return arguments


_SCHEDULES = {
    "linear": "linear",
    "cosine": "cosine",
    "constant": "constant_with_warmup",
    "step": "constant",
}
