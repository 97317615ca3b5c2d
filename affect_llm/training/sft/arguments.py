"""A stage of fine-tuning in the words of transformers' `TrainingArguments`."""

from pathlib import Path

from transformers import TrainingArguments

from affect_llm.training.loop.arguments import stage_arguments, total_steps
from affect_llm.training.sft.settings import SftSettings


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
    arguments = stage_arguments(
        folder,
        batches,
        warmup=0 if settings.schedule == "step" else settings.warmup,
        gradient_accumulation_steps=settings.accumulate,
        num_train_epochs=settings.epochs,
        max_steps=settings.max_steps or -1,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.clip,
        optim=settings.optimizer,
        lr_scheduler_type=_SCHEDULES[settings.schedule],
        bf16=settings.precision == "bf16",
        fp16=settings.precision == "fp16",
        use_cpu=settings.device == "cpu",
        seed=settings.seed + number,
        save_steps=settings.save_steps,
    )
    arguments.eval_steps = max(1, total_steps(arguments, batches) // settings.evaluations)
    return arguments


_SCHEDULES = {
    "linear": "linear",
    "cosine": "cosine",
    "constant": "constant_with_warmup",
    "step": "constant",
}
