"""How far predicted numbers lie from the gold ones."""

import numpy as np

from affect_llm.metrics.rows import Numbers, finite_pairs


def mean_absolute_error(gold: Numbers, predicted: Numbers) -> float | None:
    """Mean of |predicted - gold|, in the unit of both; None without items.

    Raises:
        DataError: lengths differ, or one is missing, NaN or infinite.
    """
    truth, guess = finite_pairs(gold, predicted)
    return float(np.mean(np.abs(guess - truth))) if len(truth) else None


def root_mean_squared_error(gold: Numbers, predicted: Numbers) -> float | None:
    """Square root of the mean of (predicted - gold)^2, in the unit of both; None without items.

    Never below `mean_absolute_error`. Raises as that does.
    """
    truth, guess = finite_pairs(gold, predicted)
    return float(np.sqrt(np.mean((guess - truth) ** 2))) if len(truth) else None
