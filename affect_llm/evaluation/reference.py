"""Numbers of others, to stand beside our own."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from affect_llm.errors import DataError
from affect_llm.types import Model


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


def eval_folder(name: str) -> Path:
    """A folder of `eval/`: in the checkout, or inside the installed package."""
    package = Path(__file__).parents[1]
    checkout = package.parent / "eval" / name
    return checkout if checkout.is_dir() else package / f"_{name}"


@cache
def published_scores() -> tuple[Reference, ...]:
    """Clue and label overlap on EMER, 1 to 10, given by a judge that is retired: never comparable.

    Raises:
        DataError: the table is missing or malformed.
    """
    path = eval_folder("references") / "emer-overlap.yaml"
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
