"""Do two rows of numbers rise and fall together, and do they agree? Pearson's r and Lin's CCC."""

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


def concordance_correlation(gold: Numbers, predicted: Numbers) -> float | None:
    """Lin's concordance correlation coefficient, -1 to 1; 1 only for equal rows.

    Lin 1989 (Biometrics 45, 255-268): with population variances (division by n),
    2 cov / (var_gold + var_predicted + (mean_gold - mean_predicted)^2).

    None for fewer than two items, and where both rows are the same constant (0/0). Where one
    row is constant, or both are different constants, the formula gives 0 and so does this.

    Args:
        gold: n numbers in any unit.
        predicted: n numbers in the same unit.

    Raises:
        DataError: lengths differ, or one is missing, NaN or infinite.
    """
    truth, guess = finite_pairs(gold, predicted)
    flat = [float(np.ptp(row)) == 0 for row in (truth, guess)] if len(truth) else []
    if len(truth) < 2 or (all(flat) and truth[0] == guess[0]):
        return None
    if any(flat):
        return 0.0
    shift = float(guess.mean() - truth.mean())
    # In units of the widest, so that squares of very large or small numbers stay finite.
    unit = max(float(np.ptp(truth)), float(np.ptp(guess)), abs(shift))
    sd_gold, sd_predicted = float((truth / unit).std()), float((guess / unit).std())
    centred = (truth - truth.mean()) / unit, (guess - guess.mean()) / unit
    disagreement = sd_gold**2 + sd_predicted**2 + (shift / unit) ** 2
    return 2 * float(np.mean(centred[0] * centred[1])) / disagreement


def _unit(centred: Floats) -> Floats:
    scaled = centred / np.abs(centred).max()
    return np.asarray(scaled / np.linalg.norm(scaled))
