"""Base, LoRA, projector, tokens and batches of a run, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from affect_llm.adapters.projector import tracks_of
from affect_llm.adapters.tracks import TrackReader
from affect_llm.fusion.config import FusionConfig
from affect_llm.fusion.model import Fusion, build_fusion, embedding_rms
from affect_llm.prompting.reason import Tracks
from affect_llm.training.loop.batches import Steps
from affect_llm.training.loop.example import Example
from affect_llm.training.loop.plan import plan_steps
from affect_llm.training.sft.base import Base, with_lora
from affect_llm.training.sft.cases import Case
from affect_llm.training.sft.clip_features import fusion_config
from affect_llm.training.sft.examples import ExampleMaker, Item, items_of
from affect_llm.training.sft.label_scores import Scorer
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.start import start_from
from affect_llm.training.sft.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Kit:
    """What the base model and the tracks settle before any case is looked at.

    Args:
        base: loaded.
        tokens: of its vocabulary.
        tracks: of the projector; empty on the text road.
        fusion: its config; None on the text road.
    """

    base: Base
    tokens: Tokens
    tracks: Tracks
    fusion: FusionConfig | None

    def scorer(self, settings: SftSettings) -> Scorer:
        """Of labels."""
        reasoner = self.base.reasoner
        device = self.base.checkpoint.device
        return Scorer(self.tokens, reasoner.vocabulary, self.tracks, settings.score_batch, device)

    def length(self, case: Case, settings: SftSettings) -> int:
        """Most tokens that an example of a case can have, soft ones included."""
        tasks = {task: 1.0 for task, weight in settings.tasks.items() if weight}
        items = items_of([case], settings.model_copy(update={"tasks": tasks}))
        maker = ExampleMaker(items, self.tokens, self.tracks, settings)
        lengths = (self.example_length(maker.longest(n)) for n in range(len(items)))
        return max(lengths, default=0)

    def example_length(self, example: Example) -> int:
        """Tokens of an example, soft ones included."""
        slots = {slot.track for slot in example.prompt.slots}
        soft = 0
        if self.fusion is not None and slots:
            given = {t.name: t.tokens for t in self.fusion.tracks}
            rows = {name: len(f.array) for name, f in example.clip.items()}
            soft = sum(n if n is not None else rows.get(name, 0) for name, n in given.items())
            soft += self.fusion.options.mixed
        return len(example.prompt.ids) + soft


def make_kit(base: Base, reader: TrackReader | None, settings: SftSettings) -> Kit:
    """The kit of a run; `reader` is None on the text road."""
    reasoner = base.reasoner
    tokens = Tokens(base.checkpoint.tokenizer, reasoner.vocabulary, settings.label_weight)
    if reader is None:
        return Kit(base, tokens, {}, None)
    embedding = base.checkpoint.model.get_input_embeddings()
    width = int(embedding.weight.shape[1])
    config = fusion_config(settings, reader, width, embedding_rms(embedding))
    return Kit(base, tokens, tracks_of(config), config)


def make_steps(kit: Kit, training: Sequence[Case], settings: SftSettings) -> Steps:
    """The training part as batches."""
    items: list[Item] = items_of(training, settings)
    maker = ExampleMaker(items, kit.tokens, kit.tracks, settings)
    lengths = [kit.example_length(maker.longest(n)) for n in range(len(items))]
    plan = plan_steps(
        lengths,
        settings.batching,
        tokens=settings.batch_tokens,
        row=settings.row_tokens,
        size=settings.batch_size,
    )
    return Steps(plan, maker, settings.seed)


def make_model(kit: Kit, training: Sequence[Case], settings: SftSettings) -> SftModel:
    """The base with LoRA and projector, fresh or those of the adapter that the run starts from.

    A fresh projector is standardised on the training clips.

    Raises:
        ConfigError, WeightsError: see `start_from`.
    """
    llm: Any = kit.base.checkpoint.model
    if settings.checkpointing:
        llm.activation_checkpointing_enable({"use_reentrant": False})
    if settings.trains_lora:
        llm = with_lora(llm, settings)
    fusion: Fusion | None = None
    if kit.fusion is not None:
        fusion = build_fusion(kit.fusion, settings.seed)
        fusion.standardise([case.clip for case in training])
        fusion.to(kit.base.checkpoint.device)
    model = SftModel(llm, fusion)
    if settings.start is not None:
        start_from(model, settings, kit.base.ref.passport)
    return model
