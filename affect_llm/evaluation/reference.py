"""Numbers of others, to stand beside our own."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from affect_llm.errors import DataError
from affect_llm.types import Model

_CHECKOUT = Path(__file__).parents[2] / "eval" / "references"
_INSTALLED = Path(__file__).parents[1] / "_references"


class Reference(Model):
    """Somebody's number for the same question, and where it stands.

    Args:
        system: what was measured.
        value: in the unit of the suite's metric, unless `metric` names another.
        source: where it stands.
        metric: where it is not the suite's own.
        caveat: why it may not compare ("maximum over checkpoints on the test part").
    """

    system: str
    value: float
    source: str
    metric: str | None = None
    caveat: str | None = None


@cache
def published_scores() -> tuple[Reference, ...]:
    """Clue and label overlap on EMER, 1 to 10, given by a judge that is retired: never comparable.

    Raises:
        DataError: the table is missing or malformed.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    path = folder / "emer-overlap.yaml"
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        return tuple(
            Reference(
                system=row["system"],
                value=row[metric],
                source=table["source"],
                metric=metric,
                caveat=f"judged by {table['judge']}, {table['judge_state']}",
            )
            for row in table["rows"]
            for metric in ("clue_overlap", "label_overlap")
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValidationError) as error:
        raise DataError(f"The published table {path} cannot be read: {error}.") from error
