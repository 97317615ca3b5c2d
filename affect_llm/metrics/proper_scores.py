"""Proper scores of label probabilities: best, on average, only for the true probabilities."""

from collections.abc import Sequence

import numpy as np

from affect_llm.metrics.distributions import Distributions, judged


def brier_score(
    probabilities: Distributions, gold: Sequence[str], labels: Sequence[str]
) -> float | None:
    """Mean over items of the squared distance between probabilities and the gold label's 0/1.

    Brier 1950 (Monthly Weather Review 78, 1-3), summed over the labels: 0 for certain and right,
    2 for certain and wrong, 1 - 1/k for uniform. Half of it is scikit-learn's binary score.
    None without items.

    Args:
        probabilities: (n, k), one column per label, each row of sum 1.
        gold: n labels out of `labels`.
        labels: k different labels, in the order of the columns.

    Raises:
        DataError: as in `distributions.judged`.
    """
    found = judged(probabilities, gold, labels)
    if len(found.gold) == 0:
        return None
    truth = np.eye(len(labels))[found.gold]
    return float(np.mean(np.sum((found.probabilities - truth) ** 2, axis=1)))


def negative_log_likelihood(
    probabilities: Distributions, gold: Sequence[str], labels: Sequence[str]
) -> float | None:
    """Mean over items of -ln of the gold label's probability, in nats.

    0 for certain and right, ln k for uniform, and infinite where a gold label got probability 0;
    nothing is clipped. None without items. Arguments and errors as in `brier_score`.
    """
    found = judged(probabilities, gold, labels)
    if len(found.gold) == 0:
        return None
    with np.errstate(divide="ignore"):
        surprise = -np.log(found.of_gold())
    return float(surprise.mean() + 0.0)
