"""Open-vocabulary labels by the published rules: twelve wheel metrics and their averages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.scored_file.table import Cell, Table, without_value
from affect_llm.evaluation.scored_file.task import Column, Index, Measured, Unread, Values
from affect_llm.metrics.coverage import Coverage
from affect_llm.metrics.emotion_wheel import OfficialVocabulary
from affect_llm.metrics.label_rows import pair_labels
from affect_llm.metrics.open_set_score import AVERAGES, NO_LABELS, score_open_set
from affect_llm.metrics.set_overlap import Overlap, f_score, overlap

Floats = NDArray[np.float64]
LabelCell = str | tuple[str, ...]
"""Labels in one text, still to be parsed, or each on its own."""
OPENSET_COLUMNS = (
    "openset", "labels", "open_labels", "label", "emotions", "emotion", "prediction", "predicted",
    "pred", "answer",
)  # fmt: skip
GOLD_COLUMN = Column(OPENSET_COLUMNS, "the gold labels")
PREDICTED_COLUMN = Column(OPENSET_COLUMNS, "the predicted labels")
CONSTANTS: Mapping[str, LabelCell] = {
    "worried, angry, happy": "worried, angry, happy",
    "all seven": "anger, disgust, fear, joy, neutral, sadness, surprise",
}
PUBLISHED = ("ov-mer", "unibench", "mer2025", "mer2026")
"""The averages of a report, in its order."""
_WORDS_SHOWN = 30


def read_labels(cells: Sequence[Cell], side: str) -> LabelCell | Unread:
    """The labels of a cell as they are printed, or a tuple of them; none at all is counted."""
    cell = cells[0]
    if without_value(cell) or cell == [] or (isinstance(cell, str) and cell.strip() == "[]"):
        return Unread(f"{side} without a label", "empty")
    if isinstance(cell, list):
        return tuple(str(item) for item in cell)
    return cell if isinstance(cell, str) else Unread(f"{side} that is no list of labels", "fatal")


def common_constants(gold: Sequence[LabelCell]) -> Mapping[str, LabelCell]:
    """The commonest gold cell, and label lists that fit much of anything."""
    commonest = min(Counter(gold).items(), key=lambda pair: (-pair[1], str(pair[0])))[0]
    return {"majority": commonest, **CONSTANTS}


@dataclass(frozen=True, slots=True)
class OfficialOpenSet:
    """The official scores of one edition of the word tables."""

    vocabulary: OfficialVocabulary

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
        """Precision, recall and F in the twelve metrics, and the published averages."""
        return _measured(self.vocabulary, gold, predicted)

    def constants(self, gold: Sequence[LabelCell]) -> Mapping[str, LabelCell]:
        """The commonest gold list, and lists that fit much of anything."""
        return common_constants(gold)


def _measured(
    vocabulary: OfficialVocabulary, gold: Sequence[LabelCell], predicted: Sequence[LabelCell]
) -> Measured:
    clips = [str(i) for i in range(len(gold))]
    truth = {clip: plain(cell) for clip, cell in zip(clips, gold, strict=True)}
    answers = {clip: plain(cell) for clip, cell in zip(clips, predicted, strict=True)}
    scores = score_open_set(truth, answers, vocabulary)
    values: Values = {}
    for name, metric in scores.metrics.items():
        values["metrics", name, "precision"] = metric.precision
        values["metrics", name, "recall"] = metric.recall
        values["metrics", name, "f1"] = metric.f1
    levels = {name: value for name, value in scores.averages.items() if "-level" in name}
    for name in PUBLISHED:
        values["averages", name] = scores.averages[name]
    return Measured(
        values,
        _Redrawn(vocabulary, truth, answers),
        skipped={
            f"{name}: {reason}": count
            for name, metric in scores.metrics.items()
            for reason, count in metric.skipped.items()
            if reason != NO_LABELS
        },
        extra={
            "vocabulary": scores.version,
            "published_with_this_vocabulary": list(scores.published),
            "averages_by_level": levels,
            "scored": {name: metric.n for name, metric in scores.metrics.items()},
            "coverage": {"gold": said(scores.gold), "predicted": said(scores.predicted)},
        },
    )


def plain(cell: LabelCell) -> object:
    """As the metrics take it: a text, or a list."""
    return list(cell) if isinstance(cell, tuple) else cell


def said(coverage: Coverage) -> dict[str, object]:
    """Coverage as JSON values, with the commonest unknown words."""
    return {
        "mentions": coverage.mentions,
        "unknown": coverage.unknown,
        "known_share": coverage.known_share,
        "unknown_words": dict(list(coverage.words.items())[:_WORDS_SHOWN]),
    }


class _Redrawn:
    """Every metric of drawn clips, from sums of what each clip adds."""

    def __init__(
        self,
        vocabulary: OfficialVocabulary,
        gold: Mapping[str, object],
        predicted: Mapping[str, object],
    ) -> None:
        self._vocabulary, self._gold, self._predicted = vocabulary, gold, predicted

    @cached_property
    def _kinds_and_codes(self) -> tuple[Floats, Index]:
        """What clips add, each different row once, and the row of each clip."""
        rows = pair_labels(self._gold, self._predicted)
        found = [_contributions(overlap(rows, g)) for g in self._vocabulary.groupings.values()]
        kinds, code = np.unique(np.concatenate(found, axis=1), axis=0, return_inverse=True)
        return kinds, code.ravel()

    def __call__(self, items: Index) -> Values:
        kinds, codes = self._kinds_and_codes
        counts = np.bincount(codes[items], minlength=len(kinds))
        sums = (counts @ kinds).reshape(len(self._vocabulary.groupings), 3)
        values: Values = {}
        for name, (scored, precision, recall) in zip(self._vocabulary.groupings, sums, strict=True):
            mean_p, mean_r = (float(s / scored) if scored else None for s in (precision, recall))
            f1 = f_score(mean_p, mean_r)
            if self._vocabulary.edition == "2026":
                mean_p, mean_r, f1 = mean_p or 0.0, mean_r or 0.0, f1 or 0.0
            values["metrics", name, "precision"] = mean_p
            values["metrics", name, "recall"] = mean_r
            values["metrics", name, "f1"] = f1
        return values | _averages(values)


def _contributions(found: Overlap) -> Floats:
    """(n, 3): whether each clip is scored, its precision, its recall; 0 where it is not."""
    table = np.zeros((len(found.gold), 3))
    scored = found.scored
    table[scored] = np.stack(
        [np.ones(int(scored.sum())), found.precision(), found.recall()], axis=1
    )
    return table


def _averages(values: Values) -> Values:
    """The published averages of F, each with its own edition's rule for what is undefined."""
    averages: Values = {}
    for name in PUBLISHED:
        rule = AVERAGES[name]
        parts = [
            [_by_rule(values["metrics", metric, "f1"], rule.edition) for metric in part]
            for part in rule.parts
        ]
        defined = [[f for f in part if f is not None] for part in parts]
        whole = all(len(d) == len(p) for d, p in zip(defined, parts, strict=True))
        averages["averages", name] = (
            float(np.mean([np.mean(part) for part in defined])) if whole else None
        )
    return averages


def _by_rule(f1: float | None, edition: str) -> float | None:
    return 0.0 if f1 is None and edition == "2026" else f1
