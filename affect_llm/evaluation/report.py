"""What a measurement found, as it is stored."""

from typing import Literal

from pydantic import Field

from affect_llm.evaluation.reference import Reference
from affect_llm.evaluation.score_report import Scores
from affect_llm.evaluation.suites.metrics import SuiteTaskName
from affect_llm.types import Model, Score

REPORT_SCHEMA: Literal["affect-llm/measurement@1"] = "affect-llm/measurement@1"


class SuiteReport(Model):
    """The answer to one suite.

    Args:
        task: what kind of answer is scored.
        split: the part that was measured.
        groups: how many clusters the interval rests on.
        score: of the verdicts that were shown; everything else counts as wrong.
        scores: every number of the verdicts shown, with all trivial answers and charts; `score`,
            `others` and `baselines` are those that the suite names.
        leaning: the same metric where the label behind an abstention counts.
        others: further metrics of the verdicts shown.
        unfaithful: share of sentences without support or against it.
        left_out: items that the reader skipped, by reason.
        without_training: why the baselines could not learn from a training part.
        held_out: how the items were kept from training.
        note: what a reader of the score must know.
        not_measured: why there are no scores; None where there are.
    """

    name: str
    title: str
    task: SuiteTaskName = "closed-set"
    split: str = ""
    cluster: str
    groups: int = 0
    score: Score | None = None
    scores: Scores | None = None
    leaning: Score | None = None
    others: tuple[Score, ...] = ()
    baselines: tuple[Score, ...] = ()
    calibration: Score | None = None
    unfaithful: Score | None = None
    left_out: dict[str, int] = Field(default_factory=dict)
    without_training: str | None = None
    held_out: str | None = None
    note: str | None = None
    target: float | None = None
    references: tuple[Reference, ...] = ()
    model: str | None = None
    not_measured: str | None = None


class CollectionReport(Model):
    """The mean over several suites.

    Args:
        parts: their names.
        mean: of their scores, None unless all were measured; `skipped` says how many were not.
    """

    name: str
    title: str
    parts: tuple[str, ...]
    mean: Score
    references: tuple[Reference, ...] = ()
    note: str | None = None


class ControlsReport(Model):
    """What composed clips and their controls show.

    Args:
        accuracy: on composed clips whose modalities agree.
        wrong_pairing: the same with the cues of another clip, and `chance` what answers that know
            nothing of the clip would reach.
        unfaithful: share of sentences of all composed clips without support or against it.
        deletion: share of sentences that change or go when a cue they cite is deleted.
    """

    accuracy: Score
    wrong_pairing: Score
    chance: float | None
    unfaithful: Score
    deletion: Score
    model: str | None = None


class Report(Model):
    """One measurement of the product."""

    schema_version: Literal["affect-llm/measurement@1"] = REPORT_SCHEMA
    affect_llm: str
    reasoner: str
    suites: tuple[SuiteReport, ...]
    collections: tuple[CollectionReport, ...] = ()
    pooled_calibration: Score | None = None
    controls: ControlsReport | None = None
    controls_not_measured: str | None = None
