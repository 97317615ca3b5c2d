"""Scores that others published, from `eval/references`, each with the state of its judge."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from affect_llm.errors import DataError
from affect_llm.types import Model

_CHECKOUT = Path(__file__).parents[3] / "eval" / "references"
_INSTALLED = Path(__file__).parents[2] / "_references"


class PublishedRow(Model):
    """One system's published means, 1 to 10."""

    system: str
    clue_overlap: float
    label_overlap: float


class PublishedTable(Model):
    """A published table.

    Args:
        judge: the model that judged, and `judge_state` whether anybody can repeat it.
        source: where the table stands.
    """

    task: str
    judge: str
    judge_state: str
    source: str
    rows: tuple[PublishedRow, ...]


@cache
def published_overlap() -> PublishedTable:
    """Clue and label overlap on EMER, given by a judge that is retired: not comparable.

    Raises:
        DataError: the file is missing or malformed.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    path = folder / "emer-overlap.yaml"
    try:
        return PublishedTable.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise DataError(f"The published table {path} cannot be read: {error}.") from error
