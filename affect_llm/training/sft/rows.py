"""Labelled rows from a JSONL file: each is checked, and what is bad is counted and named."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import ValidationError, model_validator

from affect_llm.errors import AffectError, DataError
from affect_llm.json_lines import read_lines
from affect_llm.labels.sets import label_set
from affect_llm.types import Model
from affect_llm.validation import first_problem

Part = Literal["train", "validation", "test"]
_NAMED = 3
"""Bad rows that are named one by one: enough to see what is wrong with a file."""


class CitedSentence(Model):
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
    explanation: str | tuple[CitedSentence, ...] | None = None
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

    @property
    def sentences(self) -> tuple[CitedSentence, ...]:
        """The explanation's sentences that cite cues."""
        return () if isinstance(self.explanation, str) else self.explanation or ()

    @property
    def description(self) -> str | None:
        """The explanation as free text; None where there is none."""
        if isinstance(self.explanation, str):
            return self.explanation.strip() or None
        return " ".join(sentence.text for sentence in self.sentences) or None

    def offered(self, default: tuple[str, ...]) -> tuple[str, ...]:
        """The closed set that its label is one of."""
        if self.label_set is None:
            return default
        if isinstance(self.label_set, str):
            return label_set(self.label_set)
        return tuple(label.strip().lower() for label in self.label_set)


@dataclass(slots=True)
class LabelledRows:
    """Rows that can be used, and what became of the others by reason.

    Args:
        rows: in order.
        labels: offered where a row names no set.
        source: what they were read from, for the card.
        refused: reason → how many.
        examples: the first few of the refused rows, each with its reason.
    """

    rows: list[Row]
    labels: tuple[str, ...]
    source: str
    refused: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def refuse(self, place: str, reason: str) -> None:
        """Count a row that cannot be used."""
        self.refused[reason] += 1
        if len(self.examples) < _NAMED:
            self.examples.append(f"{place}: {reason}")

    @property
    def complaint(self) -> str:
        """The sentence that names the bad rows; empty where there are none."""
        count = sum(self.refused.values())
        if not count:
            return ""
        rows = "1 row was" if count == 1 else f"{count} rows were"
        return f"{rows} left out: {'; '.join(self.examples)}{' …' if count > _NAMED else ''}."


def read_rows(file: Path, labels: str | None) -> LabelledRows:
    """The usable rows of a JSONL file.

    Args:
        file: one JSON object a line.
        labels: set or comma list for rows that name none; None for those that occur.

    Raises:
        DataError: no such file, or no usable row in it.
    """
    rows = LabelledRows([], (), file.name)
    for number, line in read_lines(file):
        _add(rows, line, f"line {number}", file.parent)
    return checked(rows, labels)


def checked(rows: LabelledRows, labels: str | None) -> LabelledRows:
    """Settle the label set, then leave out rows whose label is not in theirs.

    Raises:
        DataError: two rows have one id, or no row is left.
    """
    twice = [name for name, count in Counter(r.id for r in rows.rows).items() if count > 1]
    if twice:
        raise DataError(
            f"{rows.source} has {len(twice)} ids more than once, the first '{twice[0]}'. "
            "Give every row an id of its own."
        )
    occurring = {gold for row in rows.rows if row.label_set is None for gold in row.golds}
    rows.labels = tuple(sorted(occurring)) if labels is None else label_set(labels)
    usable, clips = [], dict[tuple[str | None, str | None], str]()
    for row in rows.rows:
        first = clips.setdefault((row.path, row.text), row.id) if row.path else row.id
        twin = None if first == row.id else f"it is the same clip as '{first}'"
        reason = twin or _misfit(row, rows.labels)
        if reason is None:
            usable.append(row)
        else:
            rows.refuse(f"'{row.id}'", reason)
    rows.rows = usable
    if not usable:
        raise DataError(f"{rows.source} has no row to train on. {rows.complaint}".strip())
    return rows


def _add(rows: LabelledRows, line: str, place: str, folder: Path) -> None:
    try:
        row = Row.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        return rows.refuse(place, f"it is not JSON ({error.msg})")
    except ValidationError as error:
        problem = first_problem(error)
        if problem.unknown:
            return rows.refuse(place, f"it has an unknown key '{problem.name}'")
        return rows.refuse(place, problem.clause() if problem.path else problem.message)
    if row.path is not None:
        path = folder / row.path
        if not path.is_file():
            return rows.refuse(place, "its file is not there")
        row = row.model_copy(update={"path": str(path)})
    rows.rows.append(row)


def _misfit(row: Row, default: tuple[str, ...]) -> str | None:
    try:
        offered = row.offered(default)
    except AffectError as error:
        return str(error).rstrip(".")
    if len(offered) < 2:
        return "its label set has fewer than two labels"
    wrong = [gold for gold in row.golds if gold not in offered]
    return f"the label '{wrong[0]}' is not one of {', '.join(offered)}" if wrong else None
