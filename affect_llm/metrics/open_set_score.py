"""Open-vocabulary labels scored as OV-MER, MER-UniBench, MER2025 and MER2026 do."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from affect_llm.labels.official.word_tables import METRICS
from affect_llm.metrics.coverage import Coverage, coverage_of
from affect_llm.metrics.emotion_wheel import LEVEL_1, LEVEL_2, OfficialVocabulary
from affect_llm.metrics.label_rows import PairedRows, pair_labels
from affect_llm.metrics.open_set import Rules
from affect_llm.metrics.set_overlap import Overlap, f_score, mean, overlap

NO_LABELS = "no gold labels"


@dataclass(frozen=True, slots=True)
class Average:
    """A published average: its vocabulary, and the metrics in the order of its code.

    `parts` are averaged one by one, and their means once more ("mer2025": both rings).
    """

    edition: str
    parts: tuple[tuple[str, ...], ...]


AVERAGES = {
    "ov-mer": Average("2025", (METRICS,)),
    "unibench": Average("2025", (LEVEL_1,)),
    "mer2025": Average("2025", (LEVEL_1, LEVEL_2)),
    "mer2025-level1": Average("2025", (LEVEL_1,)),
    "mer2025-level2": Average("2025", (LEVEL_2,)),
    "mer2026": Average("2026", (LEVEL_1,)),
}


@dataclass(frozen=True, slots=True)
class MetricScore:
    """Mean precision and recall over the scored clips, their F, and what was left out.

    Args:
        precision, recall, f1: 0 to 1; None where the published code has NaN.
        n: clips scored.
        skipped: clips not scored, by reason.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    n: int
    skipped: dict[str, int]


@dataclass(frozen=True, slots=True)
class OpenSetScores:
    """All metrics of one vocabulary on one set of predictions.

    Args:
        version: the vocabulary.
        metrics: the twelve of `METRICS`.
        averages: F by the rules of each published average, computed with this vocabulary; see
            `published` for those that its authors report with it.
        published: the averages whose official vocabulary this is.
        gold, predicted: how many mentions the vocabulary knows, and which it does not.
    """

    version: str
    metrics: dict[str, MetricScore]
    averages: dict[str, float | None]
    published: tuple[str, ...]
    gold: Coverage
    predicted: Coverage


def score_open_set(
    gold: Mapping[str, object],
    predicted: Mapping[str, object],
    vocabulary: OfficialVocabulary,
    rules: Rules = "official",
) -> OpenSetScores:
    """Scores label lists in the twelve published metrics.

    Args:
        gold: clip -> labels, a string or a list; its names decide which clips count.
        predicted: clip -> labels.
        vocabulary: an official one; its edition decides what P + R = 0 gives: None in 2025, 0 in
            2026, where a metric without a scored clip is 0 as well.
        rules: how label strings are read.

    Raises:
        DataError: no gold clip, a clip lacks a prediction, or labels are not words.
    """
    rows = pair_labels(gold, predicted, rules)
    overlaps = {name: overlap(rows, grouping) for name, grouping in vocabulary.groupings.items()}
    zero = vocabulary.edition == "2026"
    return OpenSetScores(
        version=vocabulary.version,
        metrics={
            name: MetricScore(
                *_means(counts, zero), int(counts.scored.sum()), metric_skips(counts, rows)
            )
            for name, counts in overlaps.items()
        },
        averages={name: average(overlaps, name) for name in AVERAGES},
        published=tuple(n for n, by in AVERAGES.items() if by.edition == vocabulary.edition),
        gold=coverage_of(rows.words, rows.gold, vocabulary.knows),
        predicted=coverage_of(rows.words, rows.predicted, vocabulary.knows),
    )


def metric_skips(counts: Overlap, rows: PairedRows) -> dict[str, int]:
    """Clips that a metric does not score, by reason; reasons that did not occur are absent."""
    unlabelled = int((rows.gold.mentions == 0).sum())
    outside = int((~counts.scored).sum()) - unlabelled
    reasons = {NO_LABELS: unlabelled, "no gold label in a group": outside}
    return {why: count for why, count in reasons.items() if count}


def average(overlaps: Mapping[str, Overlap], name: str) -> float | None:
    """One of `AVERAGES`: the mean F of its metrics; None where the published code has NaN."""
    zero = AVERAGES[name].edition == "2026"
    means = [_mean_f1([overlaps[m] for m in part], zero) for part in AVERAGES[name].parts]
    defined = [value for value in means if value is not None]
    return float(np.mean(defined)) if len(defined) == len(means) else None


def _mean_f1(overlaps: list[Overlap], zero: bool) -> float | None:
    """The mean F of several metrics as the published code takes it, over (F, precision, recall).

    numpy adds such rows one after another, but a single column in pairs: the last digit differs.
    """
    rows = [
        (f1, precision, recall) for precision, recall, f1 in (_means(o, zero) for o in overlaps)
    ]
    if any(f1 is None for f1, _, _ in rows):
        return None
    return float(np.mean(np.array(rows, dtype=np.float64), axis=0)[0])


def _means(counts: Overlap, zero: bool) -> tuple[float | None, float | None, float | None]:
    precision, recall = mean(counts.precision()), mean(counts.recall())
    if zero:
        precision, recall = precision or 0.0, recall or 0.0
        return precision, recall, f_score(precision, recall) or 0.0
    return precision, recall, f_score(precision, recall)
