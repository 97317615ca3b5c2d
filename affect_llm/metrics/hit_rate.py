"""Hit rate and its companions, for label lists scored against one gold emotion.

As published by MER-UniBench for basic-emotion sets. The hit rate has no precision term: a
prediction of every emotion gets 1. mscore and the mean number of labels stand beside it for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from affect_llm.metrics.emotion_wheel import LEVEL_1, OfficialVocabulary
from affect_llm.metrics.label_rows import pair_labels
from affect_llm.metrics.open_set import Rules, parse_labels
from affect_llm.metrics.open_set_score import metric_skips
from affect_llm.metrics.set_overlap import Grouping, mean, overlap


@dataclass(frozen=True, slots=True)
class WheelHits:
    """One inner ring of `HitRate`: means over the n clips whose gold lies on the wheel."""

    hit_rate: float | None
    mscore: float | None
    n: int
    skipped: dict[str, int]


@dataclass(frozen=True, slots=True)
class HitRate:
    """Means over the five inner rings; None where the published code has NaN.

    Args:
        hit_rate: |P∩G| on average; above 1 only for gold of several labels.
        mscore: |P∩G| / |P∩K| on average, 0 where P∩K is empty; K are the groups of all gold
            labels of the set.
        mean_labels: labels per prediction, as written.
        wheels: the five of `LEVEL_1`.
        n: gold clips.
    """

    hit_rate: float | None
    mscore: float | None
    mean_labels: float
    wheels: dict[str, WheelHits]
    n: int


def hit_rate(
    gold: Mapping[str, object],
    predicted: Mapping[str, object],
    vocabulary: OfficialVocabulary,
    rules: Rules = "official",
) -> HitRate:
    """Scores label lists against gold emotions on the inner rings of five wheels.

    A clip whose gold word lies on no ring is skipped, so every neutral clip is.

    Args:
        gold: clip -> emotion word (or a string of several).
        predicted: clip -> labels.
        vocabulary: an official one.
        rules: how label strings are read.

    Raises:
        DataError: no gold clip, a clip lacks a prediction, or labels are not words.
    """
    rows = pair_labels(gold, predicted, rules)
    whole = whole_labels(gold)
    wheels: dict[str, WheelHits] = {}
    for name in LEVEL_1:
        grouping = vocabulary.groupings[name]
        counts = overlap(rows, grouping)
        among = frozenset(grouping.group(label) for label in whole)
        within = overlap(rows, WithinGroups(grouping, among)).predicted[counts.scored]
        inside = counts.shared[counts.scored]
        portions = np.divide(inside, within, out=np.zeros(len(inside)), where=within > 0)
        skipped = metric_skips(counts, rows)
        wheels[name] = WheelHits(mean(inside), mean(portions), int(counts.scored.sum()), skipped)
    table = [(wheel.hit_rate, wheel.mscore) for wheel in wheels.values()]
    means = np.mean(np.array(table, dtype=np.float64), axis=0)  # None counts as NaN
    hits, shares = (None if np.isnan(value) else float(value) for value in means)
    return HitRate(
        hit_rate=hits,
        mscore=shares,
        mean_labels=float(np.mean(rows.predicted.mentions)),
        wheels=wheels,
        n=len(rows.names),
    )


def whole_labels(gold: Mapping[str, object]) -> set[str]:
    """The different gold values that the published code finds again.

    It looks them up unparsed and in their own case, so "Happy" or "sad, angry" are not found.
    """
    values = [[value] if isinstance(value, str) else parse_labels(value) for value in gold.values()]
    return {label for labels in values for label in labels if label == label.lower().strip()}


@dataclass(frozen=True, slots=True)
class WithinGroups:
    """A grouping that keeps some of its groups."""

    grouping: Grouping
    kept: frozenset[str | None]
    name: str = "within"
    version: str = ""

    def group(self, word: str) -> str | None:
        """The word's group, if it is one of those that stay."""
        group = self.grouping.group(word)
        return group if group in self.kept else None
