"""Several labels out of a closed set, or none."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from affect_llm.errors import DataError
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.suite import Suite
from affect_llm.evaluation.tasks.task_scores import Again, Constant, Index, Values
from affect_llm.labels.sets import label_set
from affect_llm.metrics.label_sets import LabelSetPair, label_set_pair
from affect_llm.metrics.multi_label_f1 import (
    micro_f1,
    multi_label_macro_f1,
    multi_label_weighted_f1,
    samples_f1,
)
from affect_llm.metrics.multi_label_match import exact_match, jaccard
from affect_llm.types import Sample

METRICS: dict[str, Callable[[LabelSetPair], float | None]] = {
    "macro_f1": multi_label_macro_f1,
    "micro_f1": micro_f1,
    "weighted_f1": multi_label_weighted_f1,
    "samples_f1": samples_f1,
    "jaccard": jaccard,
    "exact_match": exact_match,
}


@dataclass(frozen=True, slots=True)
class MultiLabelScores:
    """F1 and its kin over `labels`.

    The product's labels are those whose probability is at least `share_of_top` of the highest; a
    rule that no data chose. Where a backend gives no probabilities, they are its verdict and
    those of its free words that are labels of the set.
    """

    labels: tuple[str, ...]
    share_of_top: float

    def truth(self, sample: Sample, suite: Suite) -> Truth:
        """The set of labels of an item; it may be empty."""
        gold = sample.annotations.get(suite.annotation)
        named = [str(label) for label in gold] if isinstance(gold, (list, tuple)) else None
        if named is None or not set(named) <= set(self.labels):
            raise DataError(
                f"{suite.name}: the item {sample.id} has the {suite.annotation} {gold}; a list out "
                f"of {', '.join(self.labels)} was expected."
            )
        return Truth(labels=tuple(named))

    def given(self, prediction: Prediction, *, shown: bool) -> Collection[str]:
        """The labels that a prediction gives; none where it shows no verdict."""
        top = prediction.shown if shown else prediction.leaning
        if top is None:
            return ()
        if prediction.distribution is None:
            return {top, *prediction.open_labels} & set(self.labels)
        least = self.share_of_top * max(prediction.distribution.values())
        return {top} | {label for label, p in prediction.distribution.items() if p >= least}

    def values(
        self, predictions: Sequence[Prediction], names: Sequence[str], *, shown: bool
    ) -> Again:
        """The metrics `names` of the label sets given."""
        gold = [p.truth.labels for p in predictions]
        given = [self.given(p, shown=shown) for p in predictions]
        pair = label_set_pair(gold, given, self.labels)

        def again(index: Index) -> Values:
            drawn = pair.of(index)
            return {name: METRICS[name](drawn) for name in names}

        return again

    def skipped(self, predictions: Sequence[Prediction]) -> dict[str, int]:
        """Nothing: every item counts."""
        return {}

    def constants(self, training: Sequence[Sample], suite: Suite) -> Mapping[str, Constant]:
        """The commonest label set of the training part, and all labels at once."""
        sets = Counter(self.truth(sample, suite).labels for sample in training)
        commonest = min(sets, key=lambda labels: (-sets[labels], labels), default=())
        return {"majority": label_fields(commonest), "all_labels": label_fields(self.labels)}


def label_fields(labels: Sequence[str]) -> Constant:
    """An answer of exactly these labels."""
    return {"label": labels[0] if labels else None, "open_labels": tuple(labels[1:])}


def multi_label_scores(suite: Suite) -> MultiLabelScores:
    """Scores over the suite's labels, by its rule."""
    return MultiLabelScores(label_set(suite.labels), suite.share_of_top)
