"""How many sentences of explanations do not rest on their cues."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.scores import SEED
from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.types import Score


def unfaithful_share(predictions: Sequence[Prediction]) -> Score:
    """Unsupported and contradicted sentences among all, as the checker marked them.

    `n` counts sentences. Predictions without a sentence are counted in `skipped`, by state.
    """
    explained = [p for p in predictions if p.explanation]
    wrong = np.array([_wrong(p) for p in explained], dtype=np.int64)
    total = np.array([len(p.explanation) for p in explained], dtype=np.int64)

    def statistic(index: NDArray[np.intp]) -> float | None:
        return float(wrong[index].sum() / total[index].sum()) if len(index) else None

    skipped: dict[str, int] = {}
    for prediction in predictions:
        if not prediction.explanation:
            key = f"{prediction.state}, no sentences"
            skipped[key] = skipped.get(key, 0) + 1
    return Score(
        name="unfaithful_sentences",
        value=statistic(np.arange(len(explained))),
        n=int(total.sum()),
        interval=bootstrap_interval(
            statistic, [p.group for p in explained], np.random.default_rng(SEED)
        ),
        skipped=skipped,
    )


def _wrong(prediction: Prediction) -> int:
    return sum(sentence.support != "supported" for sentence in prediction.explanation)
