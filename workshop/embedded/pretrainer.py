"""A stage of pre-training on the shared loop: what its rates are, and when it ends."""

import math
from dataclasses import dataclass
from pathlib import Path

from transformers import TrainingArguments

from affect_llm.training.loop.arguments import stage_arguments
from affect_llm.training.loop.batches import Steps
from affect_llm.training.loop.plan import plan_by_length
from affect_llm.training.loop.progress import Progress
from affect_llm.training.loop.trainer import Group, StepsTrainer, decayed
from workshop.embedded.draws import Draw, Drawn
from workshop.embedded.model import PretrainingModel
from workshop.embedded.settings import PretrainingSettings


@dataclass(frozen=True, slots=True)
class PretrainingStage:
    """What a stage learns from.

    Args:
        name: for the progress.
        draw: gives the examples of an epoch.
        tokens: budget, without padding.
        rate: peak learning rate.
    """

    name: str
    draw: Draw
    tokens: int
    rate: float


def pretrain(
    model: PretrainingModel, stage: PretrainingStage, settings: PretrainingSettings, folder: Path
) -> None:
    """Train in place until the budget is spent, from the last checkpoint in `folder` if any.

    Raises:
        WeightsError: that checkpoint is damaged.
    """
    examples = Drawn(stage.draw, settings.kept, settings.seed)
    lengths = examples.lengths
    steps = Steps(plan_by_length(lengths, settings.step_tokens), examples, settings.seed)
    total = math.ceil(stage.tokens * len(steps) / sum(lengths))
    arguments = _arguments(stage, settings, folder, len(steps), total)
    with Progress(stage.name, total) as progress:
        PretrainingTrainer(model, arguments, steps, progress, settings.embedding_rate).resume()


class PretrainingTrainer(StepsTrainer):
    """Trains all weights; the embeddings at a rate of their own and without decay.

    Args:
        model: to be trained in place.
        args: of transformers; its output folder is the stage's.
        steps: the training part.
        progress: told of steps and tokens.
        embedding_rate: peak learning rate of the embeddings.
    """

    def __init__(
        self,
        model: PretrainingModel,
        args: TrainingArguments,
        steps: Steps,
        progress: Progress,
        embedding_rate: float,
    ) -> None:
        super().__init__(model, args, steps, progress)
        self._embedding_rate = embedding_rate

    def parameter_groups(self) -> list[Group]:
        """The embeddings, which are the head too, and the rest."""
        model = self._model()
        table = model.llm.get_input_embeddings().weight
        rest = [p for p in model.parameters() if p is not table]
        own = {"params": [table], "lr": self._embedding_rate, "weight_decay": 0.0}
        return [*decayed(rest, self.args.learning_rate, self.args.weight_decay), own]


def _arguments(
    stage: PretrainingStage, settings: PretrainingSettings, folder: Path, batches: int, total: int
) -> TrainingArguments:
    return stage_arguments(
        folder,
        batches,
        warmup=settings.warmup,
        max_steps=total,
        learning_rate=stage.rate,
        weight_decay=settings.weight_decay,
        adam_beta2=0.98,
        max_grad_norm=1.0,
        optim="adamw_torch",
        lr_scheduler_type="cosine",
        bf16=True,
        use_cpu=True,
        seed=settings.seed,
        save_steps=settings.save_steps,
    )
