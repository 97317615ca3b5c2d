"""The transformers `Trainer`, with our batches, our loss and our choice of the best step."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset, Sampler, SequentialSampler
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from affect_llm.training.loop.batches import Batch, Steps, as_inputs
from affect_llm.training.loop.keeping import LEARNED_FILE, read_learned, write_learned
from affect_llm.training.loop.progress import Progress
from affect_llm.training.sft.arguments import steps_per_epoch
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.selecting import BEST_FILE, read_history, write_history
from affect_llm.training.sft.settings import SftSettings

Evaluate = Callable[[], float]
"""The validation part's score of the model as it is."""


class SftTrainer(Trainer):
    """Trains an `SftModel` on `Steps`.

    A step's loss is the weighted sum over its tokens, over the weights of all batches and
    processes of that step: accumulated or distributed, it is the loss of one large batch.

    Args:
        model: whose weights learn as `SftModel.trains` was told.
        args: of transformers; its output folder is the stage's.
        steps: the training part.
        settings: of the run.
        evaluate: None where there is no validation part.
        progress: told of steps and tokens.
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
        collator: Any = as_inputs
        super().__init__(model=model, args=args, data_collator=collator, train_dataset=steps)
        self.remove_callback(PrinterCallback)
        self.add_callback(_Guide(progress, evaluate is not None))
        self.loss_is_scaled_for_ga = True
        self._settings = settings
        self._score = evaluate
        self._told = progress
        self._steps = steps
        self._folder = Path(str(args.output_dir))

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Tensor:
        """The batch's share of the step's loss."""
        batch: Batch = inputs["batch"]
        self._told.saw(batch.tokens)
        share = self.accelerator.num_processes / num_items_in_batch
        loss: Tensor = model(batch) * share
        return loss

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Score the validation part; keep the weights if they are the best so far."""
        if self._score is None:
            return {}
        value = self._score()
        history = read_history(self._folder).with_one(self.state.global_step, value)
        if self.is_world_process_zero():
            best = history.best
            if best is not None and best.step == self.state.global_step:
                write_learned(self._folder / BEST_FILE, self._model().learned_state())
            write_history(self._folder, history)
        self.accelerator.wait_for_everyone()
        self.log({"eval_score": value})
        if self._settings.patience and history.idle >= self._settings.patience:
            self.control.should_training_stop = True
        return {"eval_score": value}

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        """LoRA and projector each at its own rate; biases and scales without decay."""
        if self.optimizer is None:
            kind, options = self.get_optimizer_cls_and_kwargs(self.args)
            rates = {
                "llm": self.args.learning_rate,
                "fusion": self._settings.projector_learning_rate,
            }
            groups = [g for part, rate in rates.items() for g in self._groups(part, rate)]
            self.optimizer = kind(groups, **options)
        return self.optimizer

    def create_scheduler(
        self, num_training_steps: int, optimizer: torch.optim.Optimizer | None = None
    ) -> Any:
        """As transformers has it, and "step": the rate falls by a factor every few epochs."""
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

    def _groups(self, part: str, rate: float) -> list[dict[str, Any]]:
        learning = list(self._model().learning(part))
        matrices = [p for p in learning if p.dim() > 1]
        rest = [p for p in learning if p.dim() < 2]
        decays = ((matrices, self.args.weight_decay), (rest, 0.0))
        return [{"params": p, "lr": rate, "weight_decay": decay} for p, decay in decays if p]

    def _model(self) -> SftModel:
        model: SftModel = self.accelerator.unwrap_model(self.model)
        return model

    def _get_train_sampler(self, train_dataset: Dataset[Batch] | None = None) -> Sampler[int]:
        """In the order of the epoch, which `Steps` has shuffled."""
        return SequentialSampler(self._steps)

    def _get_num_items_in_batch(self, batch_samples: list[Any], device: torch.device) -> Any:
        """Sum of the loss weights of a step, over all processes."""
        learned = sum(sample["batch"].learned for sample in batch_samples)
        total = torch.tensor(learned, device=device, dtype=torch.float32)
        return self.accelerator.gather(total).sum() if self.args.world_size > 1 else total

    def _save(
        self, output_dir: str | None = None, state_dict: dict[str, Any] | None = None
    ) -> None:
        if self.args.should_save:
            folder = Path(output_dir) if output_dir else self._folder
            write_learned(folder / LEARNED_FILE, self._model().learned_state(state_dict))

    def _load_from_checkpoint(
        self, resume_from_checkpoint: str, model: nn.Module | None = None
    ) -> None:
        state = read_learned(Path(resume_from_checkpoint) / LEARNED_FILE)
        self._model().load_learned(state)


class _Guide(TrainerCallback):
    """Tells the progress of steps and losses, and asks for evaluations, the last step's too."""

    def __init__(self, progress: Progress, evaluates: bool) -> None:
        self._progress = progress
        self._evaluates = evaluates
        self._loss: float | None = None

    def on_log(
        self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any
    ) -> None:
        self._loss = (logs or {}).get("loss", self._loss)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._progress.step(state.global_step, self._loss)
        due = state.global_step % int(args.eval_steps) == 0
        last = state.global_step >= state.max_steps
        control.should_evaluate = self._evaluates and (due or last)
