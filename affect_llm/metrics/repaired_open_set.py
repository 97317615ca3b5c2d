"""Open-vocabulary scores that the known loopholes do not open; not comparable with published ones.

Per clip, F = 2 |G∩P| / (|G| + |P|) over repaired groups, averaged over clips: every label that is
not in the gold costs, whether a table knows it or not, and a long list cannot trade its precision
for recall on other clips. `skill` sets the price of spraying on the scale of the data itself: 0 is
what the best constant answer gets (the most frequent gold groups, as many as pay best, chosen on
this very gold), 1 is perfect, and below 0 an unchanging answer would have done better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.metrics.coverage import Coverage, coverage_of
from affect_llm.metrics.label_rows import PairedRows, pair_labels
from affect_llm.metrics.open_set import Rules
from affect_llm.metrics.open_set_score import metric_skips
from affect_llm.metrics.repaired_groups import RepairedGrouping
from affect_llm.metrics.set_overlap import Overlap, clip_groups, mean, overlap_of_codes, word_codes

LONGEST_CONSTANT = 20
"""The longest constant answer that is tried, to bound the work; gold lists are far shorter."""


@dataclass(frozen=True, slots=True)
class RepairedScore:
    """One grouping's means over the n scored clips; None without any.

    Args:
        precision, recall, f1: means of the clips' own values, 0 to 1.
        constant_f1: F of the best constant answer.
        skill: (f1 - constant_f1) / (1 - constant_f1), at most 1; None if a constant is perfect.
        n: clips scored.
        skipped: clips not scored, by reason.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    constant_f1: float | None
    skill: float | None
    n: int
    skipped: dict[str, int]


@dataclass(frozen=True, slots=True)
class RepairedScores:
    """All groupings, and what stands beside them.

    Args:
        version: the rules and the vocabulary.
        metrics: by the groupings' names.
        gold, predicted: which mentions had to stand for themselves.
        gold_labels, predicted_labels: labels per clip on average, as written.
    """

    version: str
    metrics: dict[str, RepairedScore]
    gold: Coverage
    predicted: Coverage
    gold_labels: float
    predicted_labels: float


def score_repaired(
    gold: Mapping[str, object],
    predicted: Mapping[str, object],
    groupings: Sequence[RepairedGrouping],
    rules: Rules = "robust",
) -> RepairedScores:
    """Scores label lists with no word dropped.

    Args:
        gold: clip -> labels; its names decide which clips count.
        predicted: clip -> labels.
        groupings: at least one, of one vocabulary.
        rules: how label strings are read.

    Raises:
        DataError: no gold clip, a clip lacks a prediction, or labels are not words.
    """
    rows = pair_labels(gold, predicted, rules)

    def knows(word: str) -> bool:
        return any(grouping.known_group(word) is not None for grouping in groupings)

    return RepairedScores(
        version=groupings[0].version,
        metrics={grouping.name: _score(rows, grouping) for grouping in groupings},
        gold=coverage_of(rows.words, rows.gold, knows),
        predicted=coverage_of(rows.words, rows.predicted, knows),
        gold_labels=float(np.mean(rows.gold.mentions)),
        predicted_labels=float(np.mean(rows.predicted.mentions)),
    )


def clip_f1(counts: Overlap) -> NDArray[np.float64]:
    """F of each scored clip: 2 |G∩P| / (|G| + |P|)."""
    scored = counts.scored
    return 2 * counts.shared[scored] / (counts.gold[scored] + counts.predicted[scored])


def best_constant_f1(rows: PairedRows, codes: NDArray[np.intp], groups: int) -> float | None:
    """Mean clip F of the best list of most frequent gold groups, up to `LONGEST_CONSTANT` long.

    Args:
        rows: the labels of the clips.
        codes: the group of each word from 0 to `groups` - 1, or -1.
        groups: how many there are.
    """
    pairs = clip_groups(rows.gold, codes, groups)
    clips, group = pairs // groups, pairs % groups
    order = np.argsort(-np.bincount(group, minlength=groups), kind="stable")
    rank = np.empty(groups, dtype=np.intp)
    rank[order] = np.arange(groups)
    true = np.bincount(clips, minlength=len(rows.names))
    hits = np.zeros(len(true))
    best = None
    for length in range(1, min(groups, LONGEST_CONSTANT) + 1):
        hits[clips[rank[group] == length - 1]] += 1
        value = mean((2 * hits / (true + length))[true > 0])
        best = value if best is None or value is None else max(best, value)
    return best


def _score(rows: PairedRows, grouping: RepairedGrouping) -> RepairedScore:
    codes, groups = word_codes(rows.words, grouping)
    counts = overlap_of_codes(rows, codes, groups)
    f1, constant = mean(clip_f1(counts)), best_constant_f1(rows, codes, groups)
    skill = None
    if f1 is not None and constant is not None and constant < 1:
        skill = (f1 - constant) / (1 - constant)
    return RepairedScore(
        precision=mean(counts.precision()),
        recall=mean(counts.recall()),
        f1=f1,
        constant_f1=constant,
        skill=skill,
        n=int(counts.scored.sum()),
        skipped=metric_skips(counts, rows),
    )
