"""Open label lists against one gold emotion: hit rate and mscore as MER-UniBench takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.scored_file.open_set import (
    OPENSET_COLUMNS,
    LabelCell,
    common_constants,
    plain,
    read_labels,
)
from affect_llm.evaluation.scored_file.table import Cell, Table
from affect_llm.evaluation.scored_file.task import Column, Index, Measured, Unread, Values
from affect_llm.metrics.averages import mean_defined
from affect_llm.metrics.emotion_wheel import LEVEL_1, OfficialVocabulary
from affect_llm.metrics.groups import Grouping
from affect_llm.metrics.hit_rate import HitRate as Published
from affect_llm.metrics.hit_rate import hit_rate
from affect_llm.metrics.label_rows import PairedRows, pair_labels
from affect_llm.metrics.open_set import Rules, parse_labels
from affect_llm.metrics.set_overlap import overlap

Floats = NDArray[np.float64]
_GOLD = Column(("label", "emotion", "emo", "discrete", "openset", "gold"), "the gold emotion")
_PREDICTED = Column(OPENSET_COLUMNS, "the predicted labels")
_NAMES = ("hit_rate", "mscore")


@dataclass(frozen=True, slots=True)
class HitRate:
    """Mean hits over groupings, with mscore beside it, which has a price for spraying.

    Args:
        groupings: the five inner rings, or levels of the own vocabulary.
        official: the vocabulary of the rings; the published code's rules hold to the last digit.
    """

    groupings: tuple[Grouping, ...]
    official: OfficialVocabulary | None = None

    name = "hit-rate"
    empty = ""
    gold_columns = (_GOLD,)
    predicted_columns = (_PREDICTED,)

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The same."""
        return self

    def read_gold(self, cells: Sequence[Cell]) -> LabelCell | Unread:
        """The gold emotion as printed."""
        return read_labels(cells, "gold row")

    def read_predicted(self, cells: Sequence[Cell]) -> LabelCell | Unread:
        """The predicted labels as printed."""
        return read_labels(cells, "prediction")

    def measure(self, gold: Sequence[LabelCell], predicted: Sequence[LabelCell]) -> Measured:
        """Both numbers on each grouping, and their means."""
        truth = {str(n): plain(cell) for n, cell in enumerate(gold)}
        answers = {str(n): plain(cell) for n, cell in enumerate(predicted)}
        rules: Rules = "robust" if self.official is None else "official"
        again = _Redrawn(self.groupings, truth, answers, rules)
        values = again(np.arange(len(gold)))
        if self.official is not None:
            values |= _published(hit_rate(truth, answers, self.official))
        scored = again.scored()
        return Measured(
            values,
            again,
            skipped={
                f"{name}: gold has no group": len(gold) - count for name, count in scored.items()
            },
            extra={
                "vocabulary": self.groupings[0].version,
                "mean_labels": again.mean_labels(),
                "scored": scored,
            },
        )

    def constants(self, gold: Sequence[LabelCell]) -> Mapping[str, LabelCell]:
        """The commonest emotion, and lists that fit much of anything."""
        return common_constants(gold)


def inner_rings(vocabulary: OfficialVocabulary) -> tuple[Grouping, ...]:
    """The five groupings of the published hit rate."""
    return tuple(vocabulary.groupings[ring] for ring in LEVEL_1)


def _published(found: Published) -> Values:
    values: Values = {}
    for ring, wheel in found.wheels.items():
        values["metrics", ring, "hit_rate"] = wheel.hit_rate
        values["metrics", ring, "mscore"] = wheel.mscore
    values["averages", "hit_rate"] = found.hit_rate
    values["averages", "mscore"] = found.mscore
    return values


class _Redrawn:
    """Both numbers of drawn clips; the groups that occur in the gold are those of all clips."""

    def __init__(
        self,
        groupings: Sequence[Grouping],
        gold: Mapping[str, object],
        predicted: Mapping[str, object],
        rules: Rules,
    ) -> None:
        self._groupings, self._gold = groupings, gold
        self._rows = pair_labels(gold, predicted, rules)

    @cached_property
    def _table(self) -> Floats:
        """(n, groupings, 3): whether a clip is scored, its hits, its mscore."""
        labels = {label for cell in self._gold.values() for label in _found_again(cell)}
        return np.stack([_ring(self._rows, ring, labels) for ring in self._groupings], axis=1)

    def scored(self) -> dict[str, int]:
        """How many clips count on each grouping."""
        counts = self._table[:, :, 0].sum(axis=0)
        return {g.name: int(k) for g, k in zip(self._groupings, counts, strict=True)}

    def mean_labels(self) -> float:
        """Labels per prediction, as written."""
        return float(np.mean(self._rows.predicted.mentions))

    def __call__(self, items: Index) -> Values:
        sums = self._table[items].sum(axis=0)
        values: Values = {}
        for ring, (scored, hits, shares) in zip(self._groupings, sums, strict=True):
            values["metrics", ring.name, "hit_rate"] = float(hits / scored) if scored else None
            values["metrics", ring.name, "mscore"] = float(shares / scored) if scored else None
        for name in _NAMES:
            rings = [values["metrics", ring.name, name] for ring in self._groupings]
            values["averages", name] = None if None in rings else mean_defined(rings)
        return values


def _found_again(cell: object) -> Sequence[str]:
    """Gold labels as the published code finds them again: unparsed, and in lower case only."""
    labels = [cell] if isinstance(cell, str) else parse_labels(cell)
    return [label for label in labels if label == label.lower().strip()]


def _ring(rows: PairedRows, ring: Grouping, labels: set[str]) -> Floats:
    occurring = frozenset(ring.group(label) for label in labels)
    found, within = overlap(rows, ring), overlap(rows, _Within(ring, occurring)).predicted
    scored = found.scored
    shares = np.divide(found.shared, within, out=np.zeros(len(within)), where=within > 0)
    return np.stack([scored, np.where(scored, found.shared, 0), np.where(scored, shares, 0)], 1)


@dataclass(frozen=True, slots=True)
class _Within:
    """A grouping without the groups that no gold label has."""

    ring: Grouping
    kept: frozenset[str | None]
    name: str = "within"
    version: str = ""

    def group(self, word: str) -> str | None:
        found = self.ring.group(word)
        return found if found in self.kept else None
