"""Open-vocabulary labels by rules without the published ones' loopholes: the strict mode.

With the project's own vocabulary, or with the official tables. No word is dropped, every label
has a price, and a score is read against the best constant answer (`skill`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.tasks.clip_sums import Floats, clip_means, contributions, coverage_values
from affect_llm.evaluation.tasks.label_lists import LabelCell, LabelListTask, by_clip
from affect_llm.evaluation.tasks.open_set import PUBLISHED
from affect_llm.evaluation.tasks.task import ItemScores
from affect_llm.labels.emotion_words.vocabulary import EmotionVocabulary
from affect_llm.metrics.averages import mean_defined
from affect_llm.metrics.label_rows import pair_labels
from affect_llm.metrics.open_set import Rules
from affect_llm.metrics.repaired_groups import RepairedGrouping, repaired
from affect_llm.metrics.repaired_open_set import clip_f1, score_repaired
from affect_llm.metrics.resamples import Indices
from affect_llm.metrics.set_overlap import overlap

_PARTS = ("precision", "recall", "f1")


def own_groupings() -> tuple[RepairedGrouping, ...]:
    """The own vocabulary from the finest to the coarsest level, and Plutchik's primaries."""
    words = EmotionVocabulary.own()
    levels = [words.at(level) for level in ("word", "family", "inner", "ekman", "plutchik")]
    return repaired(levels, words.at("family"))


@dataclass(frozen=True, slots=True)
class RepairedOpenSetTask(LabelListTask):
    """Mean precision, recall and F of clips over groupings that drop no word.

    Args:
        groupings: of one vocabulary.
        rules: how label texts are read.
    """

    groupings: tuple[RepairedGrouping, ...]
    rules: Rules = "robust"

    name = "open-set"

    def measure(self, gold: Sequence[LabelCell], predicted: Sequence[LabelCell]) -> ItemScores:
        """Every grouping's scores; `averages` has the mean F and the mean skill.

        The published averages are not defined here and stay None. In draws, the best constant
        answer stays that of all clips.
        """
        truth, answers = by_clip(gold), by_clip(predicted)
        scores = score_repaired(truth, answers, self.groupings, self.rules)
        constants = {name: metric.constant_f1 for name, metric in scores.metrics.items()}
        values: Values = {
            ("metrics", name, part): getattr(metric, part)
            for name, metric in scores.metrics.items()
            for part in (*_PARTS, "skill")
        }

        def tables() -> Mapping[str, Floats]:
            rows = pair_labels(truth, answers, self.rules)
            overlaps = {grouping.name: overlap(rows, grouping) for grouping in self.groupings}
            return {
                name: contributions(o.scored, o.precision(), o.recall(), clip_f1(o))
                for name, o in overlaps.items()
            }

        means_of = clip_means(tables)

        def again(items: Indices) -> Values:
            drawn: Values = {}
            for name, means in means_of(items).items():
                drawn |= {("metrics", name, p): v for p, v in zip(_PARTS, means, strict=True)}
                f1, constant = means[-1], constants[name]
                drawn["metrics", name, "skill"] = (
                    None
                    if f1 is None or constant is None or constant >= 1
                    else (f1 - constant) / (1 - constant)
                )
            return drawn | _averages(drawn, constants)

        return ItemScores(
            values | _averages(values, constants),
            again,
            extra={
                "vocabulary": scores.version,
                "scored": {name: metric.n for name, metric in scores.metrics.items()},
                "best_constant_f1": constants,
                "labels_per_item": {
                    "gold": scores.gold_labels,
                    "predicted": scores.predicted_labels,
                },
                "coverage": coverage_values(scores.gold, scores.predicted),
            },
        )


def _averages(values: Values, names: Mapping[str, object]) -> Values:
    means: Values = {
        ("averages", f"mean {part}"): mean_defined([values["metrics", n, part] for n in names])
        for part in ("f1", "skill")
    }
    return means | {("averages", name): None for name in PUBLISHED}
