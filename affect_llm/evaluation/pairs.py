"""Gold, prediction and group of every item: what a task compares, out of two tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from affect_llm.errors import ConfigError, DataError
from affect_llm.evaluation.tables.alignment import Matched, Policy, match
from affect_llm.evaluation.tables.problems import RowFinding, finding, listed, short
from affect_llm.evaluation.tables.table import Cell, Table, without_value
from affect_llm.evaluation.tasks.task import AnyTask, ColumnNames, Unread

GROUP_COLUMNS = ("group", "speaker", "speaker_id", "dialogue", "dialogue_id", "session", "source")


@dataclass(frozen=True, slots=True)
class Pairs:
    """n items; `grouped_by` says what the groups are, "item" where each is its own."""

    ids: Sequence[str]
    gold: Sequence[Any]
    predicted: Sequence[Any]
    groups: Sequence[str]
    grouped_by: str
    findings: tuple[RowFinding, ...] = ()


def paired(task: AnyTask, gold: Table, predicted: Table, policy: Policy) -> tuple[AnyTask, Pairs]:
    """The task as it is for these files, and everything that can be scored.

    The findings of the pairs are about everything that cannot.

    Raises:
        DataError: columns are missing, nothing is left to score, gold labels need mending, or
            predictions are missing and the policy refuses that.
        ConfigError: the policy or the group column does not fit the files.
    """
    task = task.prepared(gold, predicted)
    matched = match(gold, predicted, policy)
    truth = _Side(gold, task.gold_columns, task.read_gold, matched.ids, matched.gold)
    answers = _Side(predicted, task.predicted_columns, task.read_predicted, matched.ids,
                    matched.predicted)  # fmt: skip
    truth.refuse_fatal()
    rows = [i for i in range(len(matched.ids)) if not _missing(truth.values[i])]
    if all(isinstance(value, Unread) for value in truth.values):
        raise DataError(f"{gold.path} has no gold value to score: {truth.sentences()}.")
    lost = {i for i in rows if _missing(answers.values[i])}
    _check_missing(task, policy, [matched.ids[i] for i in sorted(lost)], answers)
    if policy.missing == "leave-out":
        rows = [i for i in rows if i not in lost]
    if not rows:
        raise DataError(f"{predicted.path} has no prediction to score: {answers.sentences()}.")
    grouped_by, groups = _groups(gold, predicted, matched, policy.group_column)
    findings = [*matched.findings, *truth.findings(), *answers.findings()]
    absent = [i for i, row in zip(matched.ids, matched.predicted, strict=True) if row is None]
    if absent:
        done = "scored as empty" if policy.missing == "count-as-empty" else "left out"
        findings.append(finding(f"missing prediction, {done}", absent))
    return task, Pairs(
        ids=[matched.ids[i] for i in rows],
        gold=[_or_empty(truth.values[i], task) for i in rows],
        predicted=[_or_empty(answers.values[i], task) for i in rows],
        groups=[groups[i] for i in rows],
        grouped_by=grouped_by,
        findings=tuple(findings),
    )


class _Side:
    """What one file says of each matched item: a value, or `Unread`, or None without a row."""

    def __init__(
        self,
        table: Table,
        columns: Sequence[ColumnNames],
        read: Callable[[Sequence[Cell]], Any],
        ids: Sequence[str],
        rows: Sequence[int | None],
    ) -> None:
        self.table = table
        cells = [
            table.column(column.names, column.purpose)
            if column.required or table.find(column.names) is not None
            else [None] * len(table.places)
            for column in columns
        ]
        required = [c for c, column in zip(cells, columns, strict=True) if column.required]
        self.values = [None if r is None else read([c[r] for c in cells]) for r in rows]
        self._unread: dict[Unread, list[str]] = {}
        for name, row, value in zip(ids, rows, self.values, strict=True):
            if isinstance(value, Unread) and row is not None:
                content = ", ".join(short(str(c[row])) for c in required if c[row] is not None)
                where = f"'{short(name)}' in {table.place(row)}: {content or 'nothing'}"
                self._unread.setdefault(value, []).append(where)

    def refuse_fatal(self) -> None:
        """Raise a DataError if a value makes scoring senseless."""
        fatal = [f for u, f in zip(self._unread, self.findings(), strict=True) if u.so == "fatal"]
        if fatal:
            sentences = "; ".join(f.sentence for f in fatal)
            raise DataError(
                f"{self.table.path}: {sentences}. Mend these rows, or name other labels."
            )

    def findings(self) -> tuple[RowFinding, ...]:
        """How many rows could not be used, and why."""
        return tuple(finding(unread.reason, rows) for unread, rows in self._unread.items())

    def sentences(self) -> str:
        """The findings as one text."""
        return "; ".join(f.sentence for f in self.findings()) or "no row fits"


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, Unread) and value.so == "missing")


def _or_empty(value: object, task: AnyTask) -> object:
    return task.empty if value is None or isinstance(value, Unread) else value


def _check_missing(task: AnyTask, policy: Policy, lost: Sequence[str], answers: _Side) -> None:
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
            f"{answers.table.path} lacks predictions for {len(lost)} items of the gold file "
            f"({listed(lost)}).{unread} Complete it, or say what to do: {ways}."
        )


def _groups(
    gold: Table, predicted: Table, matched: Matched, column: str | None
) -> tuple[str, list[str]]:
    """The name of the group column, and the group of every matched item."""
    names = GROUP_COLUMNS if column is None else (column,)
    for table, rows in ((gold, matched.gold), (predicted, matched.predicted)):
        name = table.find(names)
        if name is not None:
            cells = table.columns[name]
            return name, [
                f"item {item}" if row is None or without_value(cells[row]) else str(cells[row])
                for item, row in zip(matched.ids, rows, strict=True)
            ]
    if column is not None:
        columns = ", ".join(f"'{name}'" for name in gold.columns)
        raise ConfigError(
            f"--groups: there is no column '{column}' in {gold.path}, only {columns}."
        )
    return "item", list(matched.ids)
