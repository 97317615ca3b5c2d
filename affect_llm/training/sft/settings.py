"""Everything that a training run can be told, in one model: a YAML recipe, flags, or both."""

from typing import Literal, Self

from pydantic import Field, SerializeAsAny, model_validator

from affect_llm.fusion.config import FusionOptions, WithOptions
from affect_llm.training.loop.plan import Batching
from affect_llm.types import Modality, Model, Road

Task = Literal["label", "answer", "describe"]
TrainedRoad = Literal[Road, "mixed"]
Trains = Literal["lora", "projector", "lora+projector"]


class LoraSettings(Model):
    """Low-rank weights (Hu et al. 2021, arXiv 2106.09685).

    Args:
        r: rank; `alpha` scales by alpha / r, or by alpha / sqrt(r) with `rslora`.
        rslora: rank-stabilised scale (Kalajdzievski 2023, arXiv 2312.03732).
        dora: learn magnitude and direction apart (Liu et al. 2024, arXiv 2402.09353).
        targets: "all-linear" but the head, or names of modules.
    """

    r: int = Field(default=16, gt=0)
    alpha: int = Field(default=32, gt=0)
    dropout: float = Field(default=0.05, ge=0, lt=1)
    rslora: bool = False
    dora: bool = False
    targets: Literal["all-linear"] | tuple[str, ...] = "all-linear"


class TrackSettings(Model):
    """One track of features: a name in the prompt, and the encoder that makes its rows.

    Args:
        name: of the track ("voice").
        encoder: in `encoders.registry`.
        options: of the encoder.
        tokens: most soft tokens; None for one per row, where the kind of projector allows it.
    """

    name: str
    encoder: str
    options: dict[str, object] = Field(default_factory=dict)
    tokens: int | None = Field(default=4, gt=0)


class ProjectorSettings(WithOptions):
    """The fusion that makes soft tokens of features; as in `fusion.config.FusionConfig`."""

    kind: str = "mlp"
    absent: Literal["none", "learned"] = "none"
    options: SerializeAsAny[FusionOptions] = FusionOptions()


class Stage(Model):
    """A stretch of training.

    Args:
        train: which weights learn; the others stand still.
        road: what the model is shown; None for the run's. A projector that starts beside words
            that the model can read learns little: a first stage on "projected" hides them.
        epochs: of this stage; None for the run's.
        learning_rate: of LoRA; None for the run's.
    """

    train: Trains
    road: TrainedRoad | None = None
    epochs: float | None = Field(default=None, gt=0)
    learning_rate: float | None = Field(default=None, gt=0)


class Curriculum(Model):
    """Damage to training clips, from the first epoch's rate to the last one's.

    Args:
        modalities: share of whole modalities that are left out (CIDer's RMM).
        tokens: share of single cues, words and feature rows that are left out (RMFM).
        occlusion: share of the clip's time that is hidden in one block (STMFM).
        noise: standard deviation of noise on features, in units of their spread.
    """

    modalities: tuple[float, float] = (0.0, 0.0)
    tokens: tuple[float, float] = (0.0, 0.0)
    occlusion: tuple[float, float] = (0.0, 0.0)
    noise: tuple[float, float] = (0.0, 0.0)

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        for name in ("modalities", "tokens", "occlusion"):
            if not all(0 <= rate < 1 for rate in getattr(self, name)):
                raise ValueError(f"{name} is a rate from 0 to below 1, at the start and at the end")
        if min(self.noise) < 0:
            raise ValueError("noise is 0 or more")
        return self


class SftSettings(Model):
    """One training run.

    Args:
        base: "embedded", a checkpoint folder or a hub id.
        start: folder of an adapter whose weights training begins with.
        quantize: load the base in "4bit" (NF4 with double quantisation, Dettmers et al. 2023,
            arXiv 2305.14314) or "8bit".
        precision: of the forward pass; LoRA's own weights stay float32.
        labels: set's name or comma list for rows that name none; None: those the data has.
        modalities: what cues are looked for.
        road: what the model is shown: cues as words, features as soft tokens, or both; "mixed"
            draws one of the three for each example and epoch, by the weights in `roads`.
        tasks: share of the training rows that an epoch asks each task of; 2 is twice.
        label_weight: weight of the label's tokens beside 1 for any other token of the answer.
        long: what happens to an example that the context cannot hold: left out, or its quoted
            words are cut.
        stages: run one after the other; empty for one stage that trains all there is.
        validation_share, test_share: of the rows without a split, by whole groups.
        batching: "packed" puts several examples into a row of `row_tokens`, "by_length" pads
            examples of like length, "random" pads `batch_size` examples.
        batch_tokens: tokens in a step of "packed" and "by_length", padding included.
        schedule: of the rates; "step" multiplies by `step_factor` every `step_epochs`.
        metric: of the validation part, that chooses the checkpoint.
        patience: evaluations without gain before it stops; 0 never stops early.
        select_rows: validation rows that are scored at each evaluation; None for all.
        control: "shuffled-labels" deals the training labels out at random and keeps the last step:
            must gain nothing.
    """

    name: str = "adapter"
    base: str = "embedded"
    start: str | None = None
    quantize: Literal["4bit", "8bit"] | None = None
    precision: Literal["fp32", "bf16", "fp16"] = "fp32"
    device: str = "auto"

    labels: str | None = None
    modalities: tuple[Modality, ...] = (Modality.TEXT, Modality.AUDIO, Modality.VISUAL)
    language: str | None = None
    face: str = "auto"
    voice: str = "auto"
    speech: str = "auto"
    scene: str = "auto"
    face_rate_hz: float = Field(default=4.0, gt=0, le=60)

    road: TrainedRoad = "text"
    roads: dict[Road, float] = Field(default={"text": 1.0, "projected": 1.0, "both": 1.0})
    tracks: tuple[TrackSettings, ...] = ()
    projector: ProjectorSettings = Field(default_factory=ProjectorSettings)
    projector_learning_rate: float = Field(default=1e-3, gt=0)
    lora: LoraSettings = LoraSettings()
    stages: tuple[Stage, ...] = ()
    curriculum: Curriculum = Curriculum()
    tasks: dict[Task, float] = Field(default={"label": 1.0})
    label_weight: float = Field(default=1.0, gt=0)
    long: Literal["leave_out", "cut"] = "leave_out"

    validation_share: float = Field(default=0.15, ge=0, lt=0.9)
    test_share: float = Field(default=0.0, ge=0, lt=0.9)
    licences: tuple[str, ...] = ()

    epochs: float = Field(default=3, gt=0)
    max_steps: int | None = Field(default=None, gt=0)
    batching: Batching = "by_length"
    batch_tokens: int = Field(default=4096, gt=0)
    row_tokens: int = Field(default=1024, gt=0)
    batch_size: int = Field(default=8, gt=0)
    accumulate: int = Field(default=1, gt=0)
    optimizer: str = "adamw_torch"
    learning_rate: float = Field(default=2e-4, gt=0)
    weight_decay: float = Field(default=0.0, ge=0)
    clip: float = Field(default=1.0, ge=0)
    schedule: Literal["linear", "cosine", "constant", "step"] = "cosine"
    warmup: float = Field(default=0.05, ge=0, lt=1)
    # The rate's steps are those of the recipe `textualised-llama`.
    step_epochs: float = Field(default=18, gt=0)
    step_factor: float = Field(default=0.5, gt=0, le=1)
    checkpointing: bool = False

    metric: Literal["weighted_f1", "uar"] = "weighted_f1"
    evaluations: int = Field(default=4, gt=0)
    patience: int = Field(default=0, ge=0)
    select_rows: int | None = Field(default=1000, gt=0)
    score_batch: int = Field(default=16, gt=0)
    save_steps: int = Field(default=200, gt=0)
    control: Literal["shuffled-labels"] | None = None
    seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        projects = self.road != "text"
        if projects and not self.tracks:
            raise ValueError(f"the road '{self.road}' needs tracks, such as voice: voice-light")
        if not projects and self.tracks:
            raise ValueError("tracks are for the roads projected, both and mixed")
        if not projects and any("projector" in stage.train for stage in self.stages):
            raise ValueError("the text road has no projector to train")
        for road in {stage.road for stage in self.stages} - {None, self.road}:
            if self.road not in ("both", "mixed"):
                raise ValueError(f"a run on the road '{self.road}' has no stage on '{road}'")
        _check_weights("tasks", self.tasks)
        _check_weights("roads", self.roads)
        return self

    @property
    def projects(self) -> bool:
        """Whether there are soft tokens."""
        return self.road != "text"

    @property
    def plan(self) -> tuple[Stage, ...]:
        """The stages, also where none were named."""
        every: Trains = "lora+projector" if self.projects else "lora"
        return self.stages or (Stage(train=every),)

    def in_stage(self, number: int) -> Self:
        """The settings as they hold in a stage, from 0: its road, epochs and rate."""
        stage = self.plan[number]
        names = {"road", "epochs", "learning_rate"}
        return self.model_copy(update=stage.model_dump(include=names, exclude_none=True))

    @property
    def trains_lora(self) -> bool:
        """Whether any stage trains LoRA weights."""
        return any("lora" in stage.train for stage in self.plan)


def _check_weights(name: str, weights: dict[Task, float] | dict[Road, float]) -> None:
    if min(weights.values(), default=-1.0) < 0 or not sum(weights.values()):
        raise ValueError(f"{name} are weights of 0 or more, at least one above 0")
