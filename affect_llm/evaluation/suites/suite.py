"""Suites: what is measured, as small files in `eval/suites`."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, ValidationError, model_validator

from affect_llm.errors import DataError, UnknownComponent
from affect_llm.evaluation.reference import Reference, eval_folder
from affect_llm.evaluation.suites.metrics import BASELINES, METRICS, SuiteTaskName
from affect_llm.registry import unknown_name
from affect_llm.types import Modality, Model

ALL = "all"
"""A split that every suite has: all of its splits, one after the other."""


class Suite(Model):
    """One question to the product.

    Args:
        name: of the file, without ".yaml".
        task: what kind of answer is scored.
        dataset: name in `datasets.registry`.
        folder: the corpus, a folder or packed file, below a folder of many corpora.
        setup: what to put there, and where it comes from, for who has not got it.
        where: annotation → value; other items are another suite's.
        split: measured on unless another is asked for.
        training_split: the baselines learn from it; None where the corpus has one part.
        splits: all that the reader knows.
        trained_on: splits that a model shipped with this project learned from; measuring on them
            is refused unless it is asked for in so many words.
        held_out: how what is measured was kept from training.
        labels: the label set that the product chooses from; in closed-set and multi-label tasks
            every gold label is in it.
        annotation: key of the gold in `Sample.annotations`; in dimensional tasks unused.
        dimensions: of dimensional tasks: annotation → its lowest and highest value.
        modalities: what of an item the product is given; evidence must come from one of them.
        face: the face extractor; None for the settings' own.
        cluster: what a group is, for the interval ("speaker").
        metric: of the verdict; an answer that shows none counts as wrong.
        share_of_top: of multi-label tasks: a label is given if its probability is at least this
            share of the highest one. A rule, fixed before anything was measured.
        baselines: trivial answers beside it.
        target: what the project asks of itself.
        drawn: how many items are drawn at random where everything is measured at once; all
            where None. Measuring the suite by name takes them all.
        note: what a reader of the score must know.
    """

    name: str
    title: str
    task: SuiteTaskName = "closed-set"
    dataset: str
    folder: str
    setup: str
    where: dict[str, str] = Field(default_factory=dict)
    split: str
    training_split: str | None = None
    splits: tuple[str, ...]
    trained_on: tuple[str, ...] = ()
    held_out: str
    labels: str
    annotation: str = "emotion"
    dimensions: dict[str, tuple[float, float]] = Field(default_factory=dict)
    modalities: tuple[Modality, ...] = Field(min_length=1)
    face: str | None = None
    cluster: str
    metric: str
    share_of_top: float = Field(default=0.5, gt=0, le=1)
    baselines: tuple[str, ...] = Field(min_length=1)
    target: float | None = None
    references: tuple[Reference, ...] = ()
    drawn: int | None = Field(default=None, gt=0)
    note: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Suite":
        _among(self.metric, tuple(METRICS[self.task]), f"metrics of the task {self.task}")
        for name in self.baselines:
            _among(name, BASELINES[self.task], f"baselines of the task {self.task}")
        for name in (self.split, *filter(None, [self.training_split]), *self.trained_on):
            _among(name, self.splits, "splits")
        if self.split == self.training_split:
            raise ValueError("the baselines would be trained on what is measured")
        if self.split in self.trained_on:
            raise ValueError("the split that is measured was trained on")
        if "chance" in self.baselines and self.metric not in ("accuracy", "unweighted_recall"):
            raise ValueError(f"chance has no simple value for {self.metric}")
        needs_words = any(name.startswith("tfidf") for name in self.baselines)
        if needs_words and Modality.TEXT not in self.modalities:
            raise ValueError("TF-IDF needs words")
        if (self.task == "dimensional") != bool(self.dimensions):
            raise ValueError("dimensional tasks, and only they, name dimensions")
        return self


class Collection(Model):
    """Several suites whose scores are averaged, each weighing the same.

    Args:
        name: of the file, without ".yaml".
        parts: names of suites.
        references: numbers of others for the mean.
    """

    name: str
    title: str
    parts: tuple[str, ...] = Field(min_length=2)
    references: tuple[Reference, ...] = ()
    note: str | None = None


def suites_folder() -> Path:
    """The folder that the suites lie in."""
    return eval_folder("suites")


@cache
def suite_names() -> tuple[str, ...]:
    """Every suite and collection there is, sorted."""
    return tuple(sorted(path.stem for path in suites_folder().glob("*.yaml")))


def load_suite(name: str) -> Suite:
    """The suite called `name`.

    Raises:
        UnknownComponent: no such suite.
        DataError: its file does not describe one, or a collection.
    """
    suite = load_suite_or_collection(name)
    if isinstance(suite, Collection):
        raise DataError(f"{name} is a collection of the suites {', '.join(suite.parts)}.")
    return suite


def load_suite_or_collection(name: str) -> Suite | Collection:
    """The suite or collection called `name`; a file with "parts" is a collection.

    Raises:
        UnknownComponent: no such suite.
        DataError: its file describes neither.
    """
    if name not in suite_names():
        raise UnknownComponent(unknown_name("suites", name, suite_names()))
    path = suites_folder() / f"{name}.yaml"
    try:
        described = {"name": name, **yaml.safe_load(path.read_text("utf-8"))}
        kind = Collection if "parts" in described else Suite
        return kind.model_validate(described)
    except (ValidationError, yaml.YAMLError, TypeError) as error:
        raise DataError(f"{path} does not describe a suite: {error}.") from error


def suites_of(names: tuple[str, ...]) -> tuple[Suite, ...]:
    """The suites called so, collections as their parts, each once."""
    suites: dict[str, Suite] = {}
    for item in map(load_suite_or_collection, names):
        parts = [item] if isinstance(item, Suite) else [load_suite(part) for part in item.parts]
        suites |= {suite.name: suite for suite in parts}
    return tuple(suites.values())


def _among(name: str, known: tuple[str, ...], what: str) -> None:
    if name not in known:
        raise ValueError(f"'{name}' is not among the {what}: {', '.join(known)}")
