"""The transformers `Trainer`, with our batches, our loss and our checkpoints."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset, Sampler, SequentialSampler
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from affect_llm.training.loop.batches import Batch, Steps
from affect_llm.training.loop.checkpoints import (
    LEARNED_FILE,
    last_checkpoint,
    read_learned,
    write_learned,
)
from affect_llm.training.loop.progress import Progress

Group = dict[str, Any]
"""Parameters that share a rate and a decay, in torch's words."""


class Learner(nn.Module):
    """A model that knows which of its weights a checkpoint holds.

    Called with a `Batch`, it gives the weighted sum of its losses, float32.
    """

    def is_learned(self, name: str) -> bool:
        """Whether a tensor of the state may be trained in any stage."""
        raise NotImplementedError

    def learned_state(self, state: Mapping[str, Tensor] | None = None) -> dict[str, Tensor]:
        """Every tensor that may be trained, by name.

        Args:
            state: of the whole model, where a wrapper has gathered it.
        """
        given = self.state_dict() if state is None else state
        return {
            name: tensor.detach().cpu().contiguous()
            for name, tensor in given.items()
            if self.is_learned(name)
        }

    def load_learned(self, state: Mapping[str, Tensor]) -> None:
        """Put back what `learned_state` gave; all of it and nothing else."""
        names = {name for name in self.state_dict() if self.is_learned(name)}
        if names != set(state):
            odd = sorted(names ^ set(state))
            raise ValueError(f"a checkpoint of another model: {odd[0]}")
        self.load_state_dict(dict(state), strict=False)


class StepsTrainer(Trainer):
    """Trains a `Learner` on `Steps`.

    A step's loss is the weighted sum over its tokens, over the weights of all batches and
    processes of that step: accumulated or distributed, it is the loss of one large batch.

    Args:
        model: to be trained in place.
        args: of transformers; its output folder is the stage's.
        steps: the training part.
        progress: is given steps and tokens.
    """

    def __init__(
        self, model: Learner, args: TrainingArguments, steps: Steps, progress: Progress
    ) -> None:
        # An item of `Steps` is a whole batch already: there is nothing to put together.
        collator: Any = _only_item
        super().__init__(model=model, args=args, data_collator=collator, train_dataset=steps)
        self.remove_callback(PrinterCallback)
        self.add_callback(_Reporter(progress))
        self.loss_is_scaled_for_ga = True
        self._progress = progress
        self._steps = steps
        self._folder = Path(str(args.output_dir))

    def resume(self) -> None:
        """Train to the end, from the stage's last checkpoint if it has one."""
        checkpoint = last_checkpoint(self._folder)
        self.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)

    def parameter_groups(self) -> list[Group]:
        """The weights that learn, grouped by their rate."""
        raise NotImplementedError

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Tensor:
        """Compute the batch's share of the step's loss."""
        batch: Batch = inputs["batch"]
        self._progress.saw(batch.tokens)
        share = self.accelerator.num_processes / num_items_in_batch
        loss: Tensor = model(batch) * share
        return loss

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        """The optimizer that the arguments name, over `parameter_groups`."""
        if self.optimizer is None:
            kind, options = self.get_optimizer_cls_and_kwargs(self.args)
            self.optimizer = kind(self.parameter_groups(), **options)
        return self.optimizer

    def _model(self) -> Any:
        return self.accelerator.unwrap_model(self.model)

    def _get_train_sampler(self, train_dataset: Dataset[Batch] | None = None) -> Sampler[int]:
        """The order of the epoch is that of `Steps`, which has shuffled it."""
        return SequentialSampler(self._steps)

    def _get_num_items_in_batch(self, batch_samples: list[Any], device: torch.device) -> Any:
        """The sum of the loss weights of a step, over all processes."""
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


def decayed(parameters: Iterable[nn.Parameter], rate: float, decay: float) -> list[Group]:
    """Parameters in two groups at one rate: matrices decay, biases and scales do not."""
    learning = list(parameters)
    matrices = [p for p in learning if p.dim() > 1]
    rest = [p for p in learning if p.dim() < 2]
    kinds = ((matrices, decay), (rest, 0.0))
    return [{"params": p, "lr": rate, "weight_decay": d} for p, d in kinds if p]


def _only_item(items: list[Batch]) -> dict[str, Batch]:
    (batch,) = items
    return {"batch": batch}


class _Reporter(TrainerCallback):
    """Reports steps and losses to the progress."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._loss: float | None = None

    def on_log(
        self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any
    ) -> None:
        self._loss = (logs or {}).get("loss", self._loss)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._progress.step(state.global_step, self._loss)
