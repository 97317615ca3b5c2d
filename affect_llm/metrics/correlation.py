"""Pearson's correlation: do two rows of numbers rise and fall together?"""

import numpy as np

from affect_llm.metrics.rows import Floats, Numbers, finite_pairs


def pearson(gold: Numbers, predicted: Numbers) -> float | None:
    """Pearson's r, -1 to 1; None for fewer than two items or where either row is constant.

    Args:
        gold: n numbers in any unit.
        predicted: n numbers in any unit.

    Raises:
        DataError: lengths differ, or one is missing, NaN or infinite.
    """
    truth, guess = finite_pairs(gold, predicted)
    if len(truth) < 2 or np.ptp(truth) == 0 or np.ptp(guess) == 0:
        return None
    x, y = _unit(truth - truth.mean()), _unit(guess - guess.mean())
    return float(np.clip(x @ y, -1, 1))


def _unit(centred: Floats) -> Floats:
    scaled = centred / np.abs(centred).max()
    return np.asarray(scaled / np.linalg.norm(scaled))
