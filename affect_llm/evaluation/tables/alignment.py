"""Brings gold rows and predictions together by their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from affect_llm.errors import DataError
from affect_llm.evaluation.tables.problems import RowFinding, finding, listed, short
from affect_llm.evaluation.tables.table import Table, without_value

Missing = Literal["refuse", "count-as-empty", "leave-out"]
Duplicates = Literal["refuse", "first", "last"]
ID_COLUMNS = (
    "name", "id", "names", "clip", "clip_id", "clip_name", "filename", "filenames", "file", "utt",
    "utt_id", "utterance", "utterance_id", "video", "video_id", "sample", "sample_id", "item",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policy:
    """How rows of two files are brought together, and what to do where they do not fit.

    Args:
        missing: gold ids without a prediction: refuse them all, count them as empty answers, or
            leave them out of the score.
        duplicates: ids that stand twice with different content: refuse, or take one.
        id_column: of both files; None for the names that are usual.
        group_column: what intervals are clustered by; None for the names that are usual.
    """

    missing: Missing = "refuse"
    duplicates: Duplicates = "refuse"
    id_column: str | None = None
    group_column: str | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """Row numbers that belong together, in the order of the gold file.

    Args:
        ids: of the items.
        gold: row of each in the gold table.
        predicted: row of each in the table of predictions; None where there is none.
        findings: what had to be left out or chosen.
    """

    ids: Sequence[str]
    gold: Sequence[int]
    predicted: Sequence[int | None]
    findings: tuple[RowFinding, ...] = ()


def match(gold: Table, predicted: Table, policy: Policy) -> Matched:
    """Pair the rows of two tables.

    Names of result lines that carry a file suffix ("a.mp4") match gold ids without it, if none
    matches as it stands.

    Raises:
        DataError: no id column, no common id, or duplicates that the policy refuses.
    """
    names = ID_COLUMNS if policy.id_column is None else (policy.id_column,)
    findings: list[RowFinding] = []
    truth = _by_id(gold, names, "gold", policy.duplicates, findings)
    answers = _by_id(predicted, names, "predictions", policy.duplicates, findings)
    if predicted.kind == "results" and not truth.keys() & answers.keys():
        answers = {PurePath(name).stem: row for name, row in answers.items()}
    if not truth.keys() & answers.keys():
        raise DataError(
            f"No id of {predicted.path} is in {gold.path}: the one has {listed(answers)}, the "
            f"other {listed(truth)}."
        )
    extra = [name for name in answers if name not in truth]
    if extra:
        findings.append(finding("prediction without gold, not used", extra))
    ids = list(truth)
    return Matched(ids, list(truth.values()), [answers.get(i) for i in ids], tuple(findings))


def _by_id(
    table: Table, names: Sequence[str], side: str, policy: Duplicates, findings: list[RowFinding]
) -> dict[str, int]:
    """Id → row, after duplicates have been dealt with."""
    rows: dict[str, int] = {}
    nameless: list[str] = []
    same: list[str] = []
    other: list[str] = []
    for row, cell in enumerate(table.column(names, "the ids")):
        if without_value(cell):
            nameless.append(table.place(row))
            continue
        name = str(cell).strip()
        earlier = rows.setdefault(name, row)
        if earlier != row:
            alike = all(cells[earlier] == cells[row] for cells in table.columns.values())
            (same if alike else other).append(f"'{short(name)}' in {table.place(row)}")
            if policy == "last" and not alike:
                rows[name] = row
    if other and policy == "refuse":
        raise DataError(
            f"{table.path}: {len(other)} ids of the {side} stand twice with different content "
            f"({listed(other)}). Mend the file, or say which one counts: --duplicates first or "
            "--duplicates last."
        )
    reasons = (
        (f"row without an id in the {side}, left out", nameless),
        (f"repeated row in the {side}, used once", same),
        (f"duplicate id in the {side}, {policy} row used", other),
    )
    findings += [finding(reason, places) for reason, places in reasons if places]
    return rows
