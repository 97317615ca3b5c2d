"""`affect-llm/sft-report@1`: what a training run was given, did and gained."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from affect_llm.training.sft.rows import Part
from affect_llm.training.sft.scores import Gain, MetricName
from affect_llm.training.sft.settings import SftSettings, TrainedRoad, Trains
from affect_llm.types import Model, Score

BASE, ADAPTER = "base", "adapter"
"""Names of the two systems that every report compares."""


class Evaluation(Model):
    """The validation part's score after so many steps."""

    step: int
    value: float


def best_of(evaluations: Sequence[Evaluation]) -> Evaluation | None:
    """The highest, the first of equals; None of none."""
    return max(evaluations, key=lambda e: (e.value, -e.step), default=None)


class LossPoint(Model):
    """Mean training loss of the steps up to this one."""

    step: int
    loss: float


class StageReport(Model):
    """A stage.

    Args:
        train: which weights learned.
        road: what the model was shown.
        steps: that were taken.
        kept: step whose weights were kept: the best of the validation part, or the last.
        losses: of the training part.
        evaluations: of the validation part, by the run's metric.
        tokens_per_second: evaluations included; of the last uninterrupted stretch.
        seconds: of the same stretch.
    """

    train: Trains
    road: TrainedRoad
    steps: int
    kept: int
    losses: tuple[LossPoint, ...]
    evaluations: tuple[Evaluation, ...]
    tokens_per_second: float
    seconds: float


class SystemScore(Model):
    """Something that answered the measured cases: the base model, the adapter, a baseline."""

    name: str
    about: str
    scores: tuple[Score, ...]


class PartCount(Model):
    """Rows and groups of a part."""

    rows: int
    groups: int


class SftReport(Model):
    """What the adapter's folder holds as `report.json`.

    Args:
        name: of the adapter.
        base: provenance of the model it belongs on.
        data: what the rows were read from.
        parts: rows and groups that were used.
        labels: how often the training part has each.
        left_out: rows that were not used, by reason.
        measured_on: part that `systems` and `gains` are of: test if there is one.
        metric: that chose the step.
        gains: of the adapter, by the run's metric.
        learned: trainable weights; `weights` is all of them.
        calibrated: whether temperatures were fitted, on the validation part.
        control: set where the run was one.
    """

    schema_version: Literal["affect-llm/sft-report@1"] = "affect-llm/sft-report@1"
    name: str
    base: str
    road: str
    data: str
    parts: dict[Part, PartCount]
    labels: dict[str, int]
    left_out: dict[str, int] = Field(default_factory=dict)
    measured_on: Part
    metric: MetricName
    systems: tuple[SystemScore, ...]
    gains: tuple[Gain, ...]
    stages: tuple[StageReport, ...]
    learned: int
    weights: int
    calibrated: bool
    control: str | None = None
    seconds: float
    settings: SftSettings
    affect_llm: str
