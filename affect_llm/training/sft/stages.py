"""The stages of a run, one after the other, each from where it was left."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from affect_llm.reasoners.local.device import memory_guard
from affect_llm.training.loop.arguments import total_steps
from affect_llm.training.loop.batches import Steps
from affect_llm.training.loop.checkpoints import (
    LEARNED_FILE,
    read_learned,
    write_learned,
    write_whole,
)
from affect_llm.training.loop.progress import Progress
from affect_llm.training.sft.arguments import training_arguments
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.selection import BEST_FILE, read_history
from affect_llm.training.sft.settings import SftSettings, Stage
from affect_llm.training.sft.sft_report import LossPoint, StageReport
from affect_llm.training.sft.trainer import SftTrainer

Ready = tuple[Steps, Callable[[], float] | None]
"""A stage's training part, and what scores the validation part; None where there is none."""
DONE_FILE = "stage.json"
_TOO_BIG = "a training step; batch_tokens, batch_size, lora.r or a base in 4 bits take less"


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
        done = _done(place)
        if done is None:
            held = settings.in_stage(number)
            done = _trained(model, ready(held), held, number, place, quiet)
        model.load_learned(read_learned(place / LEARNED_FILE))
        reports.append(done)
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
    arguments = training_arguments(settings, number, folder, len(steps))
    total = total_steps(arguments, len(steps))
    label = f"stage {number + 1} of {len(settings.plan)} ({stage.train}, road {settings.road})"
    began = time.monotonic()
    with Progress(label, total, quiet=quiet or arguments.process_index > 0) as progress:
        trainer = SftTrainer(model, arguments, steps, settings, evaluate, progress)
        with memory_guard(_TOO_BIG):
            trainer.go_on()
        speed = progress.tokens_per_second
    return _finished(trainer, model, stage, folder, speed, time.monotonic() - began)


def _finished(
    trainer: Any, model: SftModel, stage: Stage, folder: Path, speed: float, seconds: float
) -> StageReport:
    """Keep the best step's weights, then say that the stage is done."""
    history = read_history(folder)
    best = history.best
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
        evaluations=history.evaluations,
        tokens_per_second=speed,
        seconds=seconds,
    )
    if trainer.is_world_process_zero():
        kept = read_learned(folder / BEST_FILE) if best else model.learned_state()
        write_learned(folder / LEARNED_FILE, kept)
        write_whole(folder / DONE_FILE, report.model_dump_json(indent=2).encode())
    trainer.accelerator.wait_for_everyone()
    return report


def _done(folder: Path) -> StageReport | None:
    try:
        return StageReport.model_validate_json((folder / DONE_FILE).read_bytes())
    except (OSError, ValidationError):
        return None
