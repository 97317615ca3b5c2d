"""One label out of a closed set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from affect_llm.errors import DataError
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.scores import METRICS
from affect_llm.evaluation.suite import Suite
from affect_llm.evaluation.tasks.task_scores import Again, Constant, Index, Values
from affect_llm.labels.sets import label_set
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.majority import majority_label
from affect_llm.types import Sample


@dataclass(frozen=True, slots=True)
class ClosedSetScores:
    """Accuracy, F1 and recall over `labels`; an item without a verdict is wrong."""

    labels: tuple[str, ...]

    def truth(self, sample: Sample, suite: Suite) -> Truth:
        """The one label of an item."""
        gold = sample.annotations.get(suite.annotation)
        if gold not in self.labels:
            raise DataError(
                f"{suite.name}: the item {sample.id} has the {suite.annotation} '{gold}', which is "
                f"not one of {', '.join(self.labels)}."
            )
        return Truth(label=str(gold))

    def values(
        self, predictions: Sequence[Prediction], names: Sequence[str], *, shown: bool
    ) -> Again:
        """The metrics `names` of the labels shown, or leaned to."""
        answers = [p.shown if shown else p.leaning for p in predictions]
        codes = answer_codes([p.gold for p in predictions], answers, self.labels)

        def again(index: Index) -> Values:
            counts = counted(codes[index], len(self.labels))
            return {name: METRICS[name](counts) for name in names}

        return again

    def skipped(self, predictions: Sequence[Prediction]) -> dict[str, int]:
        """Nothing: every item counts."""
        return {}

    def constants(self, training: Sequence[Sample], suite: Suite) -> Mapping[str, Constant]:
        """The commonest label of the training part."""
        return {"majority": {"label": majority_label(gold_labels(training, suite))}}


def gold_labels(samples: Sequence[Sample], suite: Suite) -> list[str]:
    """The gold label of each sample."""
    return [str(sample.annotations[suite.annotation]) for sample in samples]


def closed_set_scores(suite: Suite) -> ClosedSetScores:
    """Scores over the suite's labels."""
    return ClosedSetScores(label_set(suite.labels))
