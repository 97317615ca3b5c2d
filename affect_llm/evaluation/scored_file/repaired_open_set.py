"""Open-vocabulary labels by rules without the published ones' loopholes: the strict mode.

With the project's own vocabulary, or with the official tables. No word is dropped, every label
has a price, and a score is read against the best constant answer (`skill`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from affect_llm.evaluation.scored_file.open_set import (
    GOLD_COLUMN,
    PREDICTED_COLUMN,
    PUBLISHED,
    Floats,
    LabelCell,
    common_constants,
    plain,
    read_labels,
    said,
)
from affect_llm.evaluation.scored_file.table import Cell, Table
from affect_llm.evaluation.scored_file.task import Index, Measured, Unread, Values
from affect_llm.labels.emotion_words.vocabulary import EmotionVocabulary as OwnVocabulary
from affect_llm.metrics.averages import mean_defined
from affect_llm.metrics.emotion_wheel import OfficialVocabulary
from affect_llm.metrics.label_rows import pair_labels
from affect_llm.metrics.repaired_groups import RepairedGrouping, repaired, repaired_wheels
from affect_llm.metrics.repaired_open_set import RepairedScore, clip_f1, score_repaired
from affect_llm.metrics.set_overlap import Overlap, overlap

_PARTS = ("precision", "recall", "f1")


def own_groupings() -> tuple[RepairedGrouping, ...]:
    """The own vocabulary from the finest to the coarsest level, and Plutchik's primaries."""
    words = OwnVocabulary.own()
    levels = [words.at(level) for level in ("word", "family", "inner", "ekman", "plutchik")]
    return repaired(levels, words.at("family"))


def strict_groupings(vocabulary: OfficialVocabulary) -> tuple[RepairedGrouping, ...]:
    """Ten rings of the official wheels."""
    return repaired_wheels(vocabulary)


@dataclass(frozen=True, slots=True)
class RepairedOpenSet:
    """Mean precision, recall and F of clips over groupings that drop no word."""

    groupings: tuple[RepairedGrouping, ...]

    name = "open-set"
    empty = ""
    gold_columns = (GOLD_COLUMN,)
    predicted_columns = (PREDICTED_COLUMN,)

    def prepared(self, gold: Table, predicted: Table) -> Self:
        """The same."""
        return self

    def read_gold(self, cells: Sequence[Cell]) -> LabelCell | Unread:
        """The gold labels as printed."""
        return read_labels(cells, "gold row")

    def read_predicted(self, cells: Sequence[Cell]) -> LabelCell | Unread:
        """The predicted labels as printed."""
        return read_labels(cells, "prediction")

    def measure(self, gold: Sequence[LabelCell], predicted: Sequence[LabelCell]) -> Measured:
        """Every grouping's scores; `averages` has the mean F and the mean skill.

        The published averages are not defined here and stay None.
        """
        truth = {str(n): plain(cell) for n, cell in enumerate(gold)}
        answers = {str(n): plain(cell) for n, cell in enumerate(predicted)}
        scores = score_repaired(truth, answers, self.groupings)
        values: Values = {}
        for name, found in scores.metrics.items():
            values["metrics", name, "precision"] = found.precision
            values["metrics", name, "recall"] = found.recall
            values["metrics", name, "f1"] = found.f1
            values["metrics", name, "skill"] = found.skill
        return Measured(
            values | _averages(values, list(scores.metrics)),
            _Redrawn(self.groupings, truth, answers, scores.metrics),
            extra={
                "vocabulary": scores.version,
                "scored": {name: found.n for name, found in scores.metrics.items()},
                "best_constant_f1": {n: found.constant_f1 for n, found in scores.metrics.items()},
                "labels_per_item": {"gold": scores.gold_labels,
                                    "predicted": scores.predicted_labels},
                "coverage": {"gold": said(scores.gold), "predicted": said(scores.predicted)},
            },
        )  # fmt: skip

    def constants(self, gold: Sequence[LabelCell]) -> Mapping[str, LabelCell]:
        """The commonest gold list, and lists that fit much of anything."""
        return common_constants(gold)


class _Redrawn:
    """Every metric of drawn clips; the best constant answer stays that of all clips."""

    def __init__(
        self,
        groupings: Sequence[RepairedGrouping],
        gold: Mapping[str, object],
        predicted: Mapping[str, object],
        scores: Mapping[str, RepairedScore],
    ) -> None:
        self._groupings, self._gold, self._predicted = groupings, gold, predicted
        self._constants = {name: found.constant_f1 for name, found in scores.items()}

    @cached_property
    def _kinds_and_codes(self) -> tuple[Floats, Index]:
        rows = pair_labels(self._gold, self._predicted, "robust")
        found = [_contributions(overlap(rows, grouping)) for grouping in self._groupings]
        kinds, code = np.unique(np.concatenate(found, axis=1), axis=0, return_inverse=True)
        return kinds, code.ravel()

    def __call__(self, items: Index) -> Values:
        kinds, codes = self._kinds_and_codes
        sums = np.bincount(codes[items], minlength=len(kinds)) @ kinds
        values: Values = {}
        for (name, constant), row in zip(
            self._constants.items(), sums.reshape(len(self._groupings), 4), strict=True
        ):
            scored = row[0]
            for part, total in zip(_PARTS, row[1:], strict=True):
                values["metrics", name, part] = float(total / scored) if scored else None
            values["metrics", name, "skill"] = _skill(values["metrics", name, "f1"], constant)
        return values | _averages(values, list(self._constants))


def _skill(f1: float | None, constant: float | None) -> float | None:
    if f1 is None or constant is None or constant >= 1:
        return None
    return (f1 - constant) / (1 - constant)


def _contributions(found: Overlap) -> Floats:
    """(n, 4): whether each clip is scored, its precision, recall and F; 0 where it is not."""
    table = np.zeros((len(found.gold), 4))
    scored = found.scored
    parts = (np.ones(int(scored.sum())), found.precision(), found.recall(), clip_f1(found))
    table[scored] = np.stack(parts, axis=1)
    return table


def _averages(values: Values, names: Sequence[str]) -> Values:
    means: Values = {
        ("averages", f"mean {part}"): mean_defined([values["metrics", n, part] for n in names])
        for part in ("f1", "skill")
    }
    return means | {("averages", name): None for name in PUBLISHED}
