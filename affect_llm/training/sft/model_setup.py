"""What the base model and the encoders settle before any sample is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from affect_llm.adapters.projector import tracks_of
from affect_llm.adapters.tracks import TrackReader
from affect_llm.encoders.cache import FeatureCache
from affect_llm.encoders.registry import open_encoder
from affect_llm.fusion.config import FusionConfig, TrackConfig
from affect_llm.fusion.model import embedding_rms
from affect_llm.prompting.reason import Tracks
from affect_llm.training.loop.batches import Steps
from affect_llm.training.loop.plan import plan_steps
from affect_llm.training.sft.base import Base
from affect_llm.training.sft.examples import ExampleMaker, questions_of
from affect_llm.training.sft.label_scores import Scorer
from affect_llm.training.sft.samples import TrainingSample
from affect_llm.training.sft.settings import SftSettings, TrackSettings
from affect_llm.training.sft.tokens import Tokens


@dataclass(frozen=True, slots=True)
class ModelSetup:
    """The base model, its tokens, and the projector's shape.

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
        """What scores labels with this base."""
        device = self.base.checkpoint.device
        return Scorer(self.tokens, self.tracks, settings.score_batch, device)

    def maker(self, samples: Sequence[TrainingSample], settings: SftSettings) -> ExampleMaker:
        """What makes examples of these samples."""
        return ExampleMaker(questions_of(samples, settings), self.tokens, self.tracks, settings)

    def steps(self, training: Sequence[TrainingSample], settings: SftSettings) -> Steps:
        """The training part as batches."""
        maker = self.maker(training, settings)
        plan = plan_steps(
            self._lengths(maker),
            settings.batching,
            tokens=settings.batch_tokens,
            row=settings.row_tokens,
            size=settings.batch_size,
        )
        return Steps(plan, maker, settings.seed)

    def length(self, sample: TrainingSample, settings: SftSettings) -> int:
        """Most tokens that an example of a sample can have, soft ones included."""
        tasks = {task: 1.0 for task, weight in settings.tasks.items() if weight}
        maker = self.maker([sample], settings.model_copy(update={"tasks": tasks}))
        return max(self._lengths(maker), default=0)

    def _lengths(self, maker: ExampleMaker) -> list[int]:
        lengths = []
        for example in map(maker.longest, range(len(maker.questions))):
            soft = 0
            if self.fusion is not None and example.prompt.slots:
                for track in self.fusion.tracks:
                    rows = example.clip.get(track.name)
                    soft += track.tokens or (0 if rows is None else len(rows.array))
                soft += self.fusion.options.mixed
            lengths.append(len(example.prompt.ids) + soft)
        return lengths


def make_setup(base: Base, reader: TrackReader | None, settings: SftSettings) -> ModelSetup:
    """The setup of a run; `reader` is None on the text road."""
    vocabulary = base.reasoner.vocabulary
    tokens = Tokens(base.checkpoint.tokenizer, vocabulary, settings.label_weight)
    if reader is None:
        return ModelSetup(base, tokens, {}, None)
    embedding = base.checkpoint.model.get_input_embeddings()
    tracks = tuple(
        TrackConfig(
            name=track.name,
            modality=encoder.modality,
            width=encoder.width,
            tokens=track.tokens,
            encoder=encoder.provenance,
        )
        for track in settings.tracks
        for encoder in (reader.encoders[track.name],)
    )
    config = FusionConfig(
        llm_width=int(embedding.weight.shape[1]),
        tracks=tracks,
        # Soft tokens begin as loud as words: far from it, attention would overlook or drown them.
        token_rms=embedding_rms(embedding),
        **settings.projector.model_dump(),
    )
    return ModelSetup(base, tokens, tracks_of(config), config)


def open_tracks(tracks: Sequence[TrackSettings], device: str) -> TrackReader:
    """The encoders that the settings name, with the cache of their features.

    Raises:
        UnknownComponent, ConfigError, MissingExtra, WeightsError: one cannot be opened.
    """
    encoders = {
        track.name: open_encoder(track.encoder, {"device": device, **track.options})
        for track in tracks
    }
    return TrackReader(encoders, FeatureCache())
