"""Open-vocabulary labels by the published rules: twelve wheel metrics and their averages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.tasks.clip_sums import Floats, clip_means, contributions, coverage_values
from affect_llm.evaluation.tasks.label_lists import LabelCell, LabelListTask, by_clip
from affect_llm.evaluation.tasks.task import ItemScores
from affect_llm.metrics.emotion_wheel import OfficialVocabulary
from affect_llm.metrics.label_rows import pair_labels
from affect_llm.metrics.open_set_score import AVERAGES, NO_LABELS, score_open_set
from affect_llm.metrics.resamples import Indices
from affect_llm.metrics.set_overlap import f_score, overlap

PUBLISHED = ("ov-mer", "unibench", "mer2025", "mer2026")
"""The averages of a report, in its order."""
_PARTS = ("precision", "recall", "f1")


@dataclass(frozen=True, slots=True)
class OfficialOpenSetTask(LabelListTask):
    """The official scores of one edition of the word tables."""

    vocabulary: OfficialVocabulary

    name = "open-set"

    def measure(self, gold: Sequence[LabelCell], predicted: Sequence[LabelCell]) -> ItemScores:
        """Precision, recall and F in the twelve metrics, and the published averages."""
        truth, answers = by_clip(gold), by_clip(predicted)
        scores = score_open_set(truth, answers, self.vocabulary)
        values: Values = {
            ("metrics", name, part): getattr(metric, part)
            for name, metric in scores.metrics.items()
            for part in _PARTS
        }
        averages: Values = {("averages", name): scores.averages[name] for name in PUBLISHED}

        def tables() -> Mapping[str, Floats]:
            rows = pair_labels(truth, answers)
            overlaps = {name: overlap(rows, g) for name, g in self.vocabulary.groupings.items()}
            return {
                name: contributions(shared.scored, shared.precision(), shared.recall())
                for name, shared in overlaps.items()
            }

        means_of = clip_means(tables)

        def again(items: Indices) -> Values:
            drawn: Values = {}
            for name, (precision, recall) in means_of(items).items():
                f1 = f_score(precision, recall)
                if self.vocabulary.edition == "2026":
                    # This edition's code counts what is undefined as 0.
                    precision, recall, f1 = precision or 0.0, recall or 0.0, f1 or 0.0
                for part, value in zip(_PARTS, (precision, recall, f1), strict=True):
                    drawn["metrics", name, part] = value
            return drawn | _averages(drawn)

        return ItemScores(
            values | averages,
            again,
            skipped={
                f"{name}: {reason}": count
                for name, metric in scores.metrics.items()
                for reason, count in metric.skipped.items()
                if reason != NO_LABELS
            },
            extra={
                "vocabulary": scores.version,
                "published_with_this_vocabulary": list(scores.published),
                "averages_by_level": {n: v for n, v in scores.averages.items() if "-level" in n},
                "scored": {name: metric.n for name, metric in scores.metrics.items()},
                "coverage": coverage_values(scores.gold, scores.predicted),
            },
        )


def _averages(values: Values) -> Values:
    """The published averages of F, each with its own edition's rule for what is undefined."""
    averages: Values = {}
    for name in PUBLISHED:
        rule = AVERAGES[name]
        scores = [[values["metrics", metric, "f1"] for metric in part] for part in rule.parts]
        if rule.edition == "2026":
            scores = [[f1 or 0.0 for f1 in part] for part in scores]
        defined = [[f1 for f1 in part if f1 is not None] for part in scores]
        mean = float(np.mean([np.mean(part) for part in defined])) if defined == scores else None
        averages["averages", name] = mean
    return averages
