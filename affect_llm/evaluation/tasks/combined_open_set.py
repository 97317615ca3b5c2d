"""Open labels as suites score them: by the published rules and by our own, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.tasks.hit_rate import HitRateTask, inner_rings
from affect_llm.evaluation.tasks.label_lists import LabelCell, LabelListTask
from affect_llm.evaluation.tasks.open_set import PUBLISHED, OfficialOpenSetTask
from affect_llm.evaluation.tasks.repaired_open_set import RepairedOpenSetTask, own_groupings
from affect_llm.evaluation.tasks.task import ItemScores
from affect_llm.labels.official.official_tables import Edition
from affect_llm.metrics.emotion_wheel import OfficialVocabulary
from affect_llm.metrics.open_set_score import AVERAGES
from affect_llm.metrics.resamples import Indices


@dataclass(frozen=True, slots=True)
class CombinedOpenSetTask(LabelListTask):
    """Precision and recall of groups of words.

    Args:
        own: over the project's own vocabulary, in which no word is dropped and every label has a
            price.
        published: needs the official tables; its numbers are not there without them.
    """

    own: RepairedOpenSetTask
    published: OfficialOpenSetTask | HitRateTask | None

    name = "open-set"

    def measure(self, gold: Sequence[LabelCell], predicted: Sequence[LabelCell]) -> ItemScores:
        """The numbers of both; a published average of another edition is None."""
        own = self.own.measure(gold, predicted)
        coverage = own.extra["coverage"]
        assert isinstance(coverage, dict), "the own scores say how many words are known"
        unknown = {
            "gold words unknown to the own vocabulary": coverage["gold"]["unknown"],
            "answered words unknown to the own vocabulary": coverage["predicted"]["unknown"],
        }
        if self.published is None:
            return ItemScores(own.values, own.again, unknown, own.extra)
        published, others = self.published.measure(gold, predicted), Values()
        if isinstance(self.published, OfficialOpenSetTask):
            edition = self.published.vocabulary.edition
            others = {("averages", n): None for n in PUBLISHED if AVERAGES[n].edition != edition}

        def again(items: Indices) -> Values:
            return own.again(items) | published.again(items) | others

        values = own.values | published.values | others
        return ItemScores(values, again, unknown, {**published.extra, "own": own.extra})


def combined_task(
    kind: Literal["open-set", "hit-rate"], edition: Edition, tables: Path | None
) -> CombinedOpenSetTask:
    """The task with the official tables of an edition, or without any.

    Raises:
        DataError: `tables` holds no such tables.
        MissingExtra: the reader of spreadsheets is not installed.
    """
    # Labels come as lists here; the official rules leave them as they are.
    own = RepairedOpenSetTask(own_groupings(), "official")
    if tables is None:
        return CombinedOpenSetTask(own, None)
    vocabulary = OfficialVocabulary.official(edition, tables)
    if kind == "hit-rate":
        return CombinedOpenSetTask(own, HitRateTask(inner_rings(vocabulary), vocabulary))
    return CombinedOpenSetTask(own, OfficialOpenSetTask(vocabulary))
