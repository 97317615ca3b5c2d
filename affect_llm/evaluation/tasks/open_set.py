"""Labels out of any words: the published averages over emotion wheels, hit rate, and our own F."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from affect_llm.errors import DataError
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.suite import Suite
from affect_llm.evaluation.tasks.multi_label import label_fields
from affect_llm.evaluation.tasks.task_scores import Again, Constant, Index, Values
from affect_llm.labels.emotion_words.vocabulary import EmotionVocabulary as OwnVocabulary
from affect_llm.labels.official.official_tables import Edition
from affect_llm.metrics.emotion_wheel import LEVEL_1, OfficialVocabulary
from affect_llm.metrics.groups import Grouping
from affect_llm.metrics.label_rows import PairedRows, pair_labels
from affect_llm.metrics.open_set_score import AVERAGES, average
from affect_llm.metrics.repaired_groups import RepairedGrouping
from affect_llm.metrics.repaired_open_set import clip_f1
from affect_llm.metrics.set_overlap import Overlap, mean, overlap
from affect_llm.types import Sample

PUBLISHED = {"ov_mer": "ov-mer", "unibench": "unibench", "mer2025": "mer2025", "mer2026": "mer2026"}
SEVEN = ("happy", "sad", "angry", "fear", "surprise", "disgust", "neutral")
THREE = ("worried", "angry", "happy")
Rows = Mapping[str, Sequence[str]]


def given_labels(prediction: Prediction, *, shown: bool) -> tuple[str, ...]:
    """The verdict and the words beside it; none where there is no verdict to show."""
    label = prediction.shown if shown else prediction.leaning
    return () if label is None else tuple(dict.fromkeys((label, *prediction.open_labels)))


@dataclass(frozen=True, slots=True)
class OpenSetScores:
    """Precision and recall of groups of words.

    "own" is the mean over clips of F over the inner groups of the project's own vocabulary, in
    which no word is dropped and every label has a price. The published averages need the official
    tables and are None without them; `task` "hit-rate" has hit rate and mscore in their place.
    """

    task: str
    own: Grouping
    official: OfficialVocabulary | None

    def truth(self, sample: Sample, suite: Suite) -> Truth:
        """One label or a list of them."""
        gold = sample.annotations.get(suite.annotation)
        labels = tuple(map(str, gold)) if isinstance(gold, (list, tuple)) else (gold,)
        if not all(isinstance(label, str) and label for label in labels):
            raise DataError(
                f"{suite.name}: the item {sample.id} has the {suite.annotation} {gold!r}, which "
                "is neither a label nor a list of them."
            )
        return Truth(labels=tuple(map(str, labels)))

    def values(
        self, predictions: Sequence[Prediction], names: Sequence[str], *, shown: bool
    ) -> Again:
        """The metrics `names` of the labels given."""
        gold = {str(n): list(p.truth.labels) for n, p in enumerate(predictions)}
        given = {str(n): list(given_labels(p, shown=shown)) for n, p in enumerate(predictions)}
        rows = pair_labels(gold, given)
        own = overlap(rows, self.own)
        if self.task == "hit-rate":
            published = self._hits(rows, gold)
        else:
            published = self._averages(rows, names)

        def again(index: Index) -> Values:
            found = {"own": mean(clip_f1(own.take(index))), **published(index)}
            return {name: found.get(name) for name in names}

        return again

    def skipped(self, predictions: Sequence[Prediction]) -> dict[str, int]:
        """Words that the own vocabulary does not know, in gold and answers."""
        gold = [word for p in predictions for word in p.truth.labels]
        given = [word for p in predictions for word in given_labels(p, shown=True)]
        words = OwnVocabulary.own()
        counts = {
            f"{side} words unknown to the own vocabulary": sum(words.word(w) is None for w in side_)
            for side, side_ in (("gold", gold), ("answered", given))
        }
        return {why: count for why, count in counts.items() if count}

    def constants(self, training: Sequence[Sample], suite: Suite) -> Mapping[str, Constant]:
        """Lists that fit much of anything."""
        return {"worried_angry_happy": label_fields(THREE), "seven_basic": label_fields(SEVEN)}

    def _averages(self, rows: PairedRows, names: Sequence[str]) -> Again:
        official = self.official
        if official is None:
            return lambda index: {}
        asked = [n for n in names if n in PUBLISHED]
        asked = [n for n in asked if AVERAGES[PUBLISHED[n]].edition == official.edition]
        found = {name: overlap(rows, g) for name, g in official.groupings.items()}

        def again(index: Index) -> Values:
            drawn = {name: counts.take(index) for name, counts in found.items()}
            return {name: average(drawn, PUBLISHED[name]) for name in asked}

        return again

    def _hits(self, rows: PairedRows, gold: Rows) -> Again:
        if self.official is None:
            return lambda index: {}
        rings = [self.official.groupings[name] for name in LEVEL_1]
        whole = {label for labels in gold.values() for label in labels}
        pairs = [(overlap(rows, r), overlap(rows, _among(r, whole))) for r in rings]

        def again(index: Index) -> Values:
            means = [_ring(all_.take(index), among.take(index)) for all_, among in pairs]
            hit, share = np.mean(np.array(means, dtype=np.float64), axis=0)  # None counts as NaN
            return {"hit_rate": _defined(hit), "mscore": _defined(share)}

        return again


@dataclass(frozen=True, slots=True)
class _Kept:
    """A grouping with some of its groups only."""

    grouping: Grouping
    kept: frozenset[str | None]
    name: str = "kept"
    version: str = ""

    def group(self, word: str) -> str | None:
        found = self.grouping.group(word)
        return found if found in self.kept else None


def _among(ring: Grouping, labels: set[str]) -> _Kept:
    return _Kept(ring, frozenset(ring.group(label) for label in labels) - {None})


def _ring(found: Overlap, among: Overlap) -> tuple[float | None, float | None]:
    """Mean hits, and mean share of hits in the labels that lie on the gold's own groups."""
    scored = found.scored
    hits, within = found.shared[scored], among.predicted[scored]
    shares = np.divide(hits, within, out=np.zeros(len(hits)), where=within > 0)
    return mean(hits), mean(shares)


def _defined(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def open_set_scores(suite: Suite, vocabulary: Path | None) -> OpenSetScores:
    """Scores with the edition of the official tables that the suite's metric stands on.

    Raises:
        DataError: `vocabulary` holds no such tables.
        MissingExtra: the reader of spreadsheets is not installed.
    """
    words = OwnVocabulary.own()
    own = RepairedGrouping(words.at("inner"), (words.at("family"),))
    official = None
    if vocabulary is not None:
        edition: Edition = "2026" if suite.metric == "mer2026" else "2025"
        official = OfficialVocabulary.official(edition, vocabulary)
    return OpenSetScores(suite.task, own, official)
