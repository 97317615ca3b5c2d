"""Open label lists against one gold emotion: hit rate and mscore as MER-UniBench takes them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.tasks.clip_sums import Floats
from affect_llm.evaluation.tasks.label_lists import LabelCell, LabelListTask, by_clip
from affect_llm.evaluation.tasks.task import ColumnNames, ItemScores
from affect_llm.metrics.averages import mean_defined
from affect_llm.metrics.emotion_wheel import LEVEL_1, OfficialVocabulary
from affect_llm.metrics.hit_rate import WithinGroups, hit_rate, whole_labels
from affect_llm.metrics.label_rows import PairedRows, pair_labels
from affect_llm.metrics.resamples import Indices
from affect_llm.metrics.set_overlap import Grouping, overlap

_GOLD = ("label", "emotion", "emo", "discrete", "openset", "gold")
_NAMES = ("hit_rate", "mscore")


@dataclass(frozen=True, slots=True)
class HitRateTask(LabelListTask):
    """Mean hits over groupings, with mscore beside it, which has a price for spraying.

    Args:
        groupings: the five inner rings, or levels of the own vocabulary.
        official: the vocabulary of the rings; the published code's rules hold to the last digit.
    """

    groupings: tuple[Grouping, ...]
    official: OfficialVocabulary | None = None

    name = "hit-rate"
    gold_columns = (ColumnNames(_GOLD, "the gold emotion"),)

    def measure(self, gold: Sequence[LabelCell], predicted: Sequence[LabelCell]) -> ItemScores:
        """Both numbers on each grouping, and their means.

        In draws, the groups that occur in the gold are those of all clips.
        """
        truth, answers = by_clip(gold), by_clip(predicted)
        rows = pair_labels(truth, answers, "robust" if self.official is None else "official")
        labels = whole_labels(truth)
        tables = {ring.name: _table(rows, ring, labels) for ring in self.groupings}
        scored = {name: int(table[:, 0].sum()) for name, table in tables.items()}

        def again(items: Indices) -> Values:
            drawn: Values = {}
            for ring, table in tables.items():
                count, *totals = table[items].sum(axis=0)
                for name, total in zip(_NAMES, totals, strict=True):
                    drawn["metrics", ring, name] = float(total / count) if count else None
            for name in _NAMES:
                rings = [drawn["metrics", ring, name] for ring in tables]
                drawn["averages", name] = None if None in rings else mean_defined(rings)
            return drawn

        values = again(np.arange(len(gold)))
        if self.official is not None:
            published = hit_rate(truth, answers, self.official)
            for name in _NAMES:
                values["averages", name] = getattr(published, name)
                for ring, wheel in published.wheels.items():
                    values["metrics", ring, name] = getattr(wheel, name)
        return ItemScores(
            values,
            again,
            skipped={f"{name}: gold has no group": len(gold) - n for name, n in scored.items()},
            extra={
                "vocabulary": self.groupings[0].version,
                "mean_labels": float(np.mean(rows.predicted.mentions)),
                "scored": scored,
            },
        )


def inner_rings(vocabulary: OfficialVocabulary) -> tuple[Grouping, ...]:
    """The five groupings of the published hit rate."""
    return tuple(vocabulary.groupings[ring] for ring in LEVEL_1)


def _table(rows: PairedRows, ring: Grouping, labels: set[str]) -> Floats:
    """(n, 3): whether a clip is scored, its hits, its mscore; 0 where it is not."""
    occurring = WithinGroups(ring, frozenset(ring.group(label) for label in labels))
    hits, within = overlap(rows, ring), overlap(rows, occurring).predicted
    shares = np.divide(hits.shared, within, out=np.zeros(len(within)), where=within > 0)
    return np.where(hits.scored, np.stack([hits.scored, hits.shared, shares]), 0).T
