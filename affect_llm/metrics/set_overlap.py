"""Precision, recall and F of label sets, clip by clip and on average.

Of a clip with gold groups G and predicted groups P, precision is |G∩P| / |P| (0 for an empty P)
and recall |G∩P| / |G|; a clip with an empty G is not scored. F is taken of the mean precision and
the mean recall, not averaged over clips (EMER, OV-MER and MER-UniBench; OV-MER, arXiv 2410.01495).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from affect_llm.metrics.label_rows import LabelRows, PairedRows

Floats = NDArray[np.float64]
Counts = NDArray[np.intp]


class Grouping(Protocol):
    """One way to sort words into groups, such as the inner ring of one emotion wheel."""

    @property
    def name(self) -> str:
        """What the scores of this grouping are called in a report ("M3-W1-L1")."""
        ...

    @property
    def version(self) -> str:
        """The vocabulary and its version ("official-2025")."""
        ...

    def group(self, word: str) -> str | None:
        """The group of a word (any case, spaces around it ignored); None if it has none."""
        ...


@dataclass(frozen=True, slots=True)
class Overlap:
    """Group counts of n clips, each (n,): in the gold, in the prediction, in both."""

    gold: Counts
    predicted: Counts
    shared: Counts

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Which clips count: (n,), those with a gold group."""
        return self.gold > 0

    def precision(self) -> Floats:
        """Precision of each scored clip; 0 where nothing is predicted."""
        return _ratio(self.shared[self.scored], self.predicted[self.scored])

    def recall(self) -> Floats:
        """Recall of each scored clip."""
        return _ratio(self.shared[self.scored], self.gold[self.scored])


def overlap(rows: PairedRows, grouping: Grouping) -> Overlap:
    """Counts how the groups of gold and prediction meet; words without a group are dropped."""
    codes, groups = word_codes(rows.words, grouping)
    return overlap_of_codes(rows, codes, groups)


def overlap_of_codes(rows: PairedRows, codes: NDArray[np.intp], groups: int) -> Overlap:
    """Counts how the groups of gold and prediction meet, the words' groups given as numbers.

    Args:
        rows: the labels of n clips over w different words.
        codes: (w,) the group of each word from 0 to `groups` - 1, or -1 for a dropped word.
        groups: how many there are.
    """
    gold, predicted = (clip_groups(side, codes, groups) for side in (rows.gold, rows.predicted))
    shared = np.intersect1d(gold, predicted, assume_unique=True)
    clips = len(rows.names)
    return Overlap(*(np.bincount(p // groups, minlength=clips) for p in (gold, predicted, shared)))


def word_codes(words: list[str], grouping: Grouping) -> tuple[NDArray[np.intp], int]:
    """The group of each word as a number, -1 for none, and how many groups there are (>= 1)."""
    groups = [grouping.group(word) for word in words]
    names = sorted({group for group in groups if group is not None})
    index: dict[str | None, int] = {name: code for code, name in enumerate(names)}
    index[None] = -1
    return np.array([index[group] for group in groups], dtype=np.intp), max(1, len(names))


def mean(values: Floats | Counts) -> float | None:
    """Plain mean; None of nothing."""
    return float(np.mean(values)) if len(values) else None


def f_score(precision: float | None, recall: float | None) -> float | None:
    """Harmonic mean of the two; None where either is, or where both are 0."""
    if precision is None or recall is None or precision + recall == 0:
        return None
    return 2 * (precision * recall) / (precision + recall)


def clip_groups(side: LabelRows, codes: NDArray[np.intp], groups: int) -> NDArray[np.intp]:
    """The different (clip, group) pairs of a side, ascending, each as clip * groups + group."""
    group = codes[side.words]
    known = group >= 0
    pairs = np.sort(side.clips[known] * groups + group[known])
    return pairs[np.diff(pairs, prepend=-1) > 0]


def _ratio(part: Counts, whole: Counts) -> Floats:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
