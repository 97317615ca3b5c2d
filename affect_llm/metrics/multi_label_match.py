"""How well whole label sets match, item by item and decision by decision."""

import numpy as np

from affect_llm.metrics.label_sets import LabelSetPair


def exact_match(pair: LabelSetPair) -> float | None:
    """Share of items whose two sets are equal, two empty ones included; None without items.

    scikit-learn's `accuracy_score` of indicator matrices.
    """
    return float((pair.gold == pair.predicted).all(axis=1).mean()) if len(pair.gold) else None


def jaccard(pair: LabelSetPair, undefined: float | None = None) -> float | None:
    """Labels in both sets over labels in either, averaged over items, 0 to 1.

    The accuracy of SemEval-2018 task 1 E-c (Mohammad et al. 2018), which counts two empty sets
    as 1; scikit-learn counts them as 0.

    Args:
        pair: n items.
        undefined: what an item with two empty sets counts; None leaves it out.

    Returns:
        None where no item is counted.
    """
    both = (pair.gold & pair.predicted).sum(axis=1)
    either = (pair.gold | pair.predicted).sum(axis=1)
    empty = either == 0
    scores = both[~empty] / either[~empty]
    if undefined is not None:
        scores = np.append(scores, np.full(int(empty.sum()), float(undefined)))
    return float(scores.mean()) if len(scores) else None
