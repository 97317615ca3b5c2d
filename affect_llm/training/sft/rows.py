"""Labelled rows from a JSONL file: each is checked, and what is bad is counted and told."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import ValidationError, model_validator

from affect_llm.errors import AffectError, DataError
from affect_llm.labels.sets import label_set
from affect_llm.types import Model

Part = Literal["train", "validation", "test"]
_TOLD = 3


class Told(Model):
    """A sentence of a row's own explanation, and the ids of the cues that it rests on."""

    text: str
    cues: tuple[str, ...]


class Row(Model):
    """One labelled item.

    Args:
        id: its name; given twice it is refused.
        path: a media file, relative to the rows' own file.
        text: the words; with `path`, its transcript.
        label: the right label; or `labels` where several are.
        label_set: name or list of the labels it was chosen from.
        explanation: free text, or sentences with the cues that they cite.
        split: part it belongs to.
        group: speaker or dialogue; rows of a group stay on one side.
    """

    id: str
    path: str | None = None
    text: str | None = None
    label: str | None = None
    labels: tuple[str, ...] = ()
    label_set: str | tuple[str, ...] | None = None
    explanation: str | tuple[Told, ...] | None = None
    split: Part | None = None
    group: str | None = None

    @model_validator(mode="after")
    def _usable(self) -> "Row":
        if self.path is None and not (self.text or "").strip():
            raise ValueError("it has neither path nor text")
        if not self.golds:
            raise ValueError("it has no label")
        return self

    @property
    def golds(self) -> tuple[str, ...]:
        """Every right label, in lower case."""
        given = self.labels if self.label is None else (self.label, *self.labels)
        return tuple(dict.fromkeys(label.strip().lower() for label in given if label.strip()))

    @property
    def cluster(self) -> str:
        """The group, or the row by itself."""
        return self.group or f"row {self.id}"

    def offered(self, default: tuple[str, ...]) -> tuple[str, ...]:
        """The closed set that its label is one of."""
        if self.label_set is None:
            return default
        if isinstance(self.label_set, str):
            return label_set(self.label_set)
        return tuple(label.strip().lower() for label in self.label_set)


@dataclass(slots=True)
class Rows:
    """Rows that can be used, and what became of the others by reason.

    Args:
        rows: in order.
        refused: reason → how many.
        examples: the first few of them, as told to a person.
        labels: offered where a row names no set.
        source: what they were read from, for the card.
    """

    rows: list[Row]
    labels: tuple[str, ...]
    source: str
    refused: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def refuse(self, where: str, reason: str) -> None:
        """Count a row that cannot be used."""
        self.refused[reason] += 1
        if len(self.examples) < _TOLD:
            self.examples.append(f"{where}: {reason}")

    @property
    def told(self) -> str:
        """The sentence that names the bad rows; empty where there are none."""
        count = sum(self.refused.values())
        if not count:
            return ""
        rows = "1 row was" if count == 1 else f"{count} rows were"
        return f"{rows} left out: {'; '.join(self.examples)}{' …' if count > _TOLD else ''}."


def read_rows(file: Path, labels: str | None) -> Rows:
    """The usable rows of a JSONL file.

    Args:
        file: one JSON object a line.
        labels: set or comma list for rows that name none; None for those that occur.

    Raises:
        DataError: no such file, or no usable row in it.
    """
    found = Rows([], (), file.name)
    for number, line in enumerate(_lines(file), 1):
        if line.strip():
            _add(found, line, f"line {number}", file.parent)
    return checked(found, labels)


def checked(found: Rows, labels: str | None) -> Rows:
    """Settle the label set, then leave out rows whose label is not in theirs.

    Raises:
        DataError: two rows have one id, or no row is left.
    """
    twice = [name for name, count in Counter(r.id for r in found.rows).items() if count > 1]
    if twice:
        raise DataError(
            f"{found.source} has {len(twice)} ids more than once, the first '{twice[0]}'. "
            "Give every row an id of its own."
        )
    found.labels = _default_set(found.rows, labels)
    usable, seen = [], dict[tuple[str | None, str | None], str]()
    for row in found.rows:
        first = seen.setdefault((row.path, row.text), row.id) if row.path else row.id
        twin = None if first == row.id else f"it is the same clip as '{first}'"
        reason = twin or _misfit(row, found.labels)
        if reason is None:
            usable.append(row)
        else:
            found.refuse(f"'{row.id}'", reason)
    found.rows = usable
    if not usable:
        raise DataError(f"{found.source} has no row to train on. {found.told}".strip())
    return found


def _lines(file: Path) -> Sequence[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise DataError(f"The rows in {file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is not UTF-8 text: {error.reason}.") from error


def _add(found: Rows, line: str, where: str, folder: Path) -> None:
    try:
        raw = json.loads(line)
        row = Row.model_validate(raw)
    except json.JSONDecodeError as error:
        return found.refuse(where, f"it is not JSON ({error.msg})")
    except ValidationError as error:
        return found.refuse(where, _problem(error))
    if row.path is not None:
        path = folder / row.path
        if not path.is_file():
            return found.refuse(where, "its file is not there")
        row = row.model_copy(update={"path": str(path)})
    found.rows.append(row)


def _problem(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"it has an unknown key '{name}'"
    said = first["msg"].removeprefix("Value error, ")
    return f"{name}: {said}" if name else said


def _default_set(rows: Iterable[Row], labels: str | None) -> tuple[str, ...]:
    if labels is not None:
        return label_set(labels)
    return tuple(sorted({gold for row in rows if row.label_set is None for gold in row.golds}))


def _misfit(row: Row, default: tuple[str, ...]) -> str | None:
    try:
        offered = row.offered(default)
    except AffectError as error:
        return str(error).rstrip(".")
    if len(offered) < 2:
        return "its label set has fewer than two labels"
    wrong = [gold for gold in row.golds if gold not in offered]
    if wrong:
        return f"the label '{wrong[0]}' is not one of {', '.join(offered)}"
    return None
