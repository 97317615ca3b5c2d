"""Two tables → what a task compares: gold, prediction and group of every item."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from affect_llm.errors import ConfigError, DataError
from affect_llm.evaluation.scored_file.alignment import Matched, Missing, Policy, match
from affect_llm.evaluation.scored_file.problems import Finding, finding, listed, short
from affect_llm.evaluation.scored_file.table import Cell, Table, without_value
from affect_llm.evaluation.scored_file.task import Column, Task, Unread

GROUP_COLUMNS = ("group", "speaker", "speaker_id", "dialogue", "dialogue_id", "session", "source")
Reading = Callable[[Sequence[Cell]], Any]


@dataclass(frozen=True, slots=True)
class Pairs:
    """n items; `grouped_by` is the column of the groups, "item" where each is its own."""

    ids: Sequence[str]
    gold: Sequence[Any]
    predicted: Sequence[Any]
    groups: Sequence[str]
    grouped_by: str
    findings: tuple[Finding, ...]


def pair(
    task: Task[Any, Any],
    gold: Table,
    predicted: Table,
    *,
    policy: Policy,
    id_column: str | None = None,
    group_column: str | None = None,
) -> Pairs:
    """Everything that can be scored, and findings about everything that cannot.

    Raises:
        DataError: columns are missing, nothing is left to score, gold labels need mending, or
            predictions are missing and the policy refuses that.
        ConfigError: the policy or the group column does not fit the files.
    """
    matched = match(gold, predicted, id_column, policy)
    truth = _Side(gold, task.gold_columns, task.read_gold, matched, matched.gold)
    answers = _Side(predicted, task.predicted_columns, task.read_predicted, matched,
                    matched.predicted)  # fmt: skip
    truth.refuse_fatal()
    kept = [i for i in range(len(matched.ids)) if not _missing(truth.values[i])]
    if all(isinstance(value, Unread) for value in truth.values):
        raise DataError(f"{gold.path} has no gold value to score: {truth.sentences()}.")
    lost = [i for i in kept if _missing(answers.values[i])]
    _check_missing(task, policy, [matched.ids[i] for i in lost], answers, predicted)
    left = set(lost) if policy.missing == "leave-out" else set()
    kept = [i for i in kept if i not in left]
    if not kept:
        raise DataError(f"{predicted.path} has no prediction to score: {answers.sentences()}.")
    grouped_by, groups = _groups(gold, predicted, matched, group_column)
    return Pairs(
        ids=[matched.ids[i] for i in kept],
        gold=[_or_empty(truth.values[i], task) for i in kept],
        predicted=[_or_empty(answers.values[i], task) for i in kept],
        groups=[groups[i] for i in kept],
        grouped_by=grouped_by,
        findings=(
            *matched.findings,
            *truth.findings(),
            *answers.findings(),
            *_absent(matched, policy.missing),
        ),
    )


class _Side:
    """What one file says of each matched item: a value, or `Unread`, or None without a row."""

    def __init__(
        self,
        table: Table,
        columns: Sequence[Column],
        read: Reading,
        matched: Matched,
        rows: Sequence[int | None],
    ) -> None:
        self.table = table
        cells = [_cells(table, column) for column in columns]
        shown = [c for c, column in zip(cells, columns, strict=True) if column.required]
        self.values = [None if r is None else read([c[r] for c in cells]) for r in rows]
        self._unread: dict[Unread, list[str]] = {}
        for name, row, value in zip(matched.ids, rows, self.values, strict=True):
            if isinstance(value, Unread) and row is not None:
                said = ", ".join(short(str(c[row])) for c in shown if c[row] is not None)
                where = f"'{short(name)}' in {table.place(row)}: {said or 'nothing'}"
                self._unread.setdefault(value, []).append(where)

    def refuse_fatal(self) -> None:
        """Raise a DataError if a value makes scoring senseless."""
        fatal = [f for u, f in zip(self._unread, self.findings(), strict=True) if u.so == "fatal"]
        if fatal:
            said = "; ".join(f.sentence for f in fatal)
            raise DataError(f"{self.table.path}: {said}. Mend these rows, or name other labels.")

    def findings(self) -> tuple[Finding, ...]:
        """How many rows could not be used, and why."""
        return tuple(finding(unread.reason, rows) for unread, rows in self._unread.items())

    def sentences(self) -> str:
        """The findings as one text."""
        return "; ".join(f.sentence for f in self.findings()) or "no row fits"


def _cells(table: Table, column: Column) -> Sequence[Cell]:
    if column.required or table.find(column.names) is not None:
        return table.column(column.names, column.purpose)
    return [None] * len(table.places)


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, Unread) and value.so == "missing")


def _or_empty(value: object, task: Task[Any, Any]) -> object:
    return task.empty if value is None or isinstance(value, Unread) else value


def _check_missing(
    task: Task[Any, Any], policy: Policy, lost: Sequence[str], answers: _Side, table: Table
) -> None:
    if not lost:
        return
    if policy.missing == "count-as-empty" and task.empty is None:
        raise ConfigError(
            f"For {task.name}, nothing can stand for a missing prediction; use --missing leave-out."
        )
    if policy.missing == "refuse":
        ways = "--missing leave-out"
        if task.empty is not None:
            ways = f"--missing count-as-empty (scored as wrong) or {ways}"
        unread = "".join(f" {f.sentence}." for f in answers.findings())
        raise DataError(
            f"{table.path} lacks predictions for {len(lost)} items of the gold file "
            f"({listed(lost)}).{unread} Complete it, or say what to do: {ways}."
        )


def _absent(matched: Matched, missing: Missing) -> tuple[Finding, ...]:
    absent = [name for name, row in zip(matched.ids, matched.predicted, strict=True) if row is None]
    done = "scored as empty" if missing == "count-as-empty" else "left out"
    return (finding(f"missing prediction, {done}", absent),) if absent else ()


def _groups(
    gold: Table, predicted: Table, matched: Matched, column: str | None
) -> tuple[str, list[str]]:
    """The name of the group column, and the group of every matched item."""
    names = GROUP_COLUMNS if column is None else (column,)
    for table, rows in ((gold, matched.gold), (predicted, matched.predicted)):
        found = table.find(names)
        if found is not None:
            cells = table.columns[found]
            groups = [
                f"item {name}" if row is None or without_value(cells[row]) else str(cells[row])
                for name, row in zip(matched.ids, rows, strict=True)
            ]
            return found, groups
    if column is not None:
        there = ", ".join(f"'{name}'" for name in gold.columns)
        raise ConfigError(f"--groups: there is no column '{column}' in {gold.path}, only {there}.")
    return "item", list(matched.ids)
