"""Suites: what is measured, as small files in `eval/suites`."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import ValidationError, model_validator

from affect_llm.errors import DataError, UnknownComponent
from affect_llm.registry import unknown_name
from affect_llm.types import Modality, Model

MetricName = Literal["accuracy", "weighted_f1", "macro_f1", "unweighted_recall"]
BaselineName = Literal["majority", "chance", "tfidf", "tfidf_punctuation"]
_CHECKOUT = Path(__file__).parents[2] / "eval" / "suites"
_INSTALLED = Path(__file__).parents[1] / "_suites"


class Reference(Model):
    """Somebody's number for the same question, and where it stands."""

    system: str
    value: float
    source: str


class Suite(Model):
    """One question to the product.

    Args:
        name: of the file, without ".yaml".
        dataset: name in `datasets.registry`.
        folder: the corpus below the data folder; None where `archive` is given.
        archive: a NumPy file of pictures below the data folder, written as files first.
        split: measured on; never trained on.
        training_split: the baselines learn from it.
        labels: name of a label set; every gold label is in it.
        annotation: key of the gold label in `Sample.annotations`.
        modality: the only one that is given to the product.
        face: the face extractor; None for the settings' own.
        cluster: what a group is, for the interval ("speaker").
        metric: of the verdict; an answer that shows no label counts as wrong.
        baselines: trivial answers beside it.
        target: what the project asks of itself.
    """

    name: str
    title: str
    dataset: str
    folder: str | None = None
    archive: str | None = None
    split: str
    training_split: str
    labels: str
    annotation: str
    modality: Modality
    face: str | None = None
    cluster: str
    metric: MetricName
    baselines: tuple[BaselineName, ...]
    target: float | None = None
    references: tuple[Reference, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "Suite":
        if (self.folder is None) == (self.archive is None):
            raise ValueError("a suite names a folder or an archive, not both")
        if self.split == self.training_split:
            raise ValueError("the baselines would be trained on what is measured")
        if "chance" in self.baselines and self.metric not in ("accuracy", "unweighted_recall"):
            raise ValueError(f"chance has no simple value for {self.metric}")
        needs_words = any(name.startswith("tfidf") for name in self.baselines)
        if needs_words and self.modality is not Modality.TEXT:
            raise ValueError("TF-IDF needs words")
        return self


def suites_folder() -> Path:
    """Where the suites lie: in the checkout, or inside the installed package."""
    return _CHECKOUT if _CHECKOUT.is_dir() else _INSTALLED


@cache
def suite_names() -> tuple[str, ...]:
    """Every suite there is, sorted."""
    return tuple(sorted(path.stem for path in suites_folder().glob("*.yaml")))


def load_suite(name: str) -> Suite:
    """The suite called `name`.

    Raises:
        UnknownComponent: no such suite.
        DataError: its file does not describe one.
    """
    if name not in suite_names():
        raise UnknownComponent(unknown_name("suites", name, suite_names()))
    path = suites_folder() / f"{name}.yaml"
    try:
        return Suite.model_validate({"name": name, **yaml.safe_load(path.read_text("utf-8"))})
    except (ValidationError, yaml.YAMLError, TypeError) as error:
        raise DataError(f"{path} does not describe a suite: {error}.") from error
