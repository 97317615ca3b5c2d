"""The trainer of adapters: rates of LoRA and projector, and the choice of the best step."""

from collections.abc import Callable
from typing import Any

import torch
from transformers import TrainerCallback, TrainingArguments

from affect_llm.training.loop.arguments import steps_per_epoch
from affect_llm.training.loop.batches import Steps
from affect_llm.training.loop.checkpoints import write_learned
from affect_llm.training.loop.progress import Progress
from affect_llm.training.loop.trainer import Group, StepsTrainer, decayed
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sft_report import Evaluation, best_of

BEST_FILE = "best.safetensors"
_SCORE = "eval_score"
Evaluate = Callable[[], float]
"""The validation part's score of the model as it is."""


class SftTrainer(StepsTrainer):
    """Trains an `SftModel`, of the weights that `SftModel.trains` lets learn.

    Args:
        evaluate: None where there is no validation part; the others as in `StepsTrainer`.
    """

    def __init__(
        self,
        model: SftModel,
        args: TrainingArguments,
        steps: Steps,
        settings: SftSettings,
        evaluate: Evaluate | None,
        progress: Progress,
    ) -> None:
        super().__init__(model, args, steps, progress)
        if evaluate is not None:
            self.add_callback(_Evaluations())
        self._settings = settings
        self._score = evaluate

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """Scores of the validation part so far; a checkpoint's state holds those before it."""
        entries = (entry for entry in self.state.log_history if _SCORE in entry)
        return tuple(Evaluation(step=entry["step"], value=entry[_SCORE]) for entry in entries)

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Score the validation part; keep the weights if they are the best so far."""
        if self._score is None:
            return {}
        self.control.should_evaluate = False  # or the end of an epoch would ask for it again
        value = self._score()
        self.log({_SCORE: value})
        evaluations, best = self.evaluations, best_of(self.evaluations)
        if self.is_world_process_zero() and best == evaluations[-1]:
            write_learned(self._folder / BEST_FILE, self._model().learned_state())
        self.accelerator.wait_for_everyone()
        idle = sum(best is not None and e.step > best.step for e in evaluations)
        if self._settings.patience and idle >= self._settings.patience:
            self.control.should_training_stop = True
        return {_SCORE: value}

    def parameter_groups(self) -> list[Group]:
        """LoRA and projector, each at its own rate."""
        rates = {"llm": self.args.learning_rate, "fusion": self._settings.projector_learning_rate}
        decay = self.args.weight_decay
        return [
            group
            for part, rate in rates.items()
            for group in decayed(self._model().learning(part), rate, decay)
        ]

    def create_scheduler(
        self, num_training_steps: int, optimizer: torch.optim.Optimizer | None = None
    ) -> Any:
        """Make transformers' own scheduler, or "step": the rate falls every few epochs."""
        if self._settings.schedule != "step" or self.lr_scheduler is not None:
            return super().create_scheduler(num_training_steps, optimizer)
        per_epoch = steps_per_epoch(len(self._steps), self.args)
        every = max(1, round(self._settings.step_epochs * per_epoch))
        factor = self._settings.step_factor
        chosen: Any = optimizer or self.optimizer
        self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
            chosen, lambda step: factor ** (step // every)
        )
        self._created_lr_scheduler = True
        return self.lr_scheduler


class _Evaluations(TrainerCallback):
    """Asks for an evaluation every so many steps, and after the last one."""

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        due = state.global_step % int(args.eval_steps) == 0
        control.should_evaluate = due or state.global_step >= state.max_steps
