"""The stages of a run, one after the other, each from where it was left."""

import time
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError
from transformers import TrainingArguments

from affect_llm.files import write_whole
from affect_llm.reasoners.local.device import memory_guard
from affect_llm.training.loop.arguments import stage_arguments, total_steps
from affect_llm.training.loop.batches import Steps
from affect_llm.training.loop.checkpoints import LEARNED_FILE, read_learned, write_learned
from affect_llm.training.loop.progress import Progress
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.settings import SftSettings, Stage
from affect_llm.training.sft.sft_report import LossPoint, StageReport, best_of
from affect_llm.training.sft.trainer import BEST_FILE, SftTrainer

Ready = tuple[Steps, Callable[[], float] | None]
"""A stage's training part, and what scores the validation part; None where there is none."""
DONE_FILE = "stage.json"
_TOO_BIG = "a training step; batch_tokens, batch_size, lora.r or a base in 4 bits take less"
_SCHEDULES = {
    "linear": "linear",
    "cosine": "cosine",
    "constant": "constant_with_warmup",
    "step": "constant",  # the trainer makes its own scheduler of it
}


def run_stages(
    model: SftModel,
    ready: Callable[[SftSettings], Ready],
    settings: SftSettings,
    folder: Path,
    *,
    quiet: bool,
) -> list[StageReport]:
    """Train all stages; those that `folder` holds to their end are not trained again.

    Args:
        model: trained in place; afterwards it holds what was kept of the last stage.
        ready: gives the data of a stage for the settings that hold in it.
        settings: of the run.
        folder: of the run.
        quiet: no progress.

    Raises:
        ConfigError: transformers refuses the settings.
        CapabilityError: a step does not fit into memory.
    """
    reports = []
    for number in range(len(settings.plan)):
        place = folder / f"stage-{number + 1}"
        try:
            report = StageReport.model_validate_json((place / DONE_FILE).read_bytes())
        except (OSError, ValidationError):  # it was not done, or not to its end
            in_stage = settings.in_stage(number)
            report = _trained(model, ready(in_stage), in_stage, number, place, quiet)
        model.load_learned(read_learned(place / LEARNED_FILE))
        reports.append(report)
    return reports


def _trained(
    model: SftModel,
    ready: Ready,
    settings: SftSettings,
    number: int,
    folder: Path,
    quiet: bool,
) -> StageReport:
    steps, evaluate = ready
    stage = settings.plan[number].model_copy(update={"road": settings.road})
    model.trains(stage.train)
    arguments = _arguments(settings, number, folder, len(steps))
    total = total_steps(arguments, len(steps))
    label = f"stage {number + 1} of {len(settings.plan)} ({stage.train}, road {settings.road})"
    began = time.monotonic()
    with Progress(label, total, quiet=quiet or arguments.process_index > 0) as progress:
        trainer = SftTrainer(model, arguments, steps, settings, evaluate, progress)
        with memory_guard(_TOO_BIG):
            trainer.resume()
        speed = progress.tokens_per_second
    return _finished(trainer, model, stage, folder, speed, time.monotonic() - began)


def _finished(
    trainer: SftTrainer, model: SftModel, stage: Stage, folder: Path, speed: float, seconds: float
) -> StageReport:
    """Keep the best step's weights, then say that the stage is done."""
    evaluations = trainer.evaluations
    best = best_of(evaluations)
    last = int(trainer.state.global_step)
    report = StageReport(
        train=stage.train,
        road=stage.road,
        steps=last,
        kept=last if best is None else best.step,
        losses=tuple(
            LossPoint(step=entry["step"], loss=entry["loss"])
            for entry in trainer.state.log_history
            if "loss" in entry
        ),
        evaluations=evaluations,
        tokens_per_second=speed,
        seconds=seconds,
    )
    if trainer.is_world_process_zero():
        weights = read_learned(folder / BEST_FILE) if best else model.learned_state()
        write_learned(folder / LEARNED_FILE, weights)
        write_whole(folder / DONE_FILE, report.model_dump_json(indent=2).encode())
    trainer.accelerator.wait_for_everyone()
    return report


def _arguments(settings: SftSettings, number: int, folder: Path, batches: int) -> TrainingArguments:
    """A stage's settings in transformers' words; `number` is the stage's, from 0."""
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
        seed=settings.seed + number,  # stages draw apart
        save_steps=settings.save_steps,
    )
    arguments.eval_steps = max(1, total_steps(arguments, batches) // settings.evaluations)
    return arguments
