"""Lin's concordance correlation coefficient and the parts that it is made of.

Lin 1989 (Biometrics 45, 255-268): with population variances (division by n),
    ccc = 2 cov / (var_gold + var_predicted + (mean_gold - mean_predicted)^2) = r * c_b,
    c_b = 2 / (v + 1/v + u^2),  v = sd_predicted / sd_gold,
    u = (mean_predicted - mean_gold) / sqrt(sd_gold * sd_predicted).
v tells whether predictions spread too much (> 1) or too little (< 1), u whether they lie too
high (> 0) or too low, in units of the geometric mean of both spreads.
"""

from dataclasses import dataclass

import numpy as np

from affect_llm.metrics.correlation import pearson
from affect_llm.metrics.rows import Floats, Numbers, finite_pairs


@dataclass(frozen=True, slots=True)
class Concordance:
    """The coefficient and its parts.

    Args:
        ccc: -1 to 1; 1 only for predictions equal to the gold values.
        pearson: -1 to 1.
        scale_shift: v, above 0; 1 for equal spreads.
        location_shift: u; 0 for equal means.
        bias_correction: c_b, above 0 and at most 1; ccc = pearson * c_b.

    The last four are None where either row is constant.
    """

    ccc: float
    pearson: float | None
    scale_shift: float | None
    location_shift: float | None
    bias_correction: float | None


def concordance(gold: Numbers, predicted: Numbers) -> Concordance | None:
    """Lin's coefficient with its parts.

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
        return Concordance(0.0, None, None, None, None)
    return _parts(truth, guess, pearson(truth, guess))


def concordance_correlation(gold: Numbers, predicted: Numbers) -> float | None:
    """CCC alone; arguments, errors and undefined cases as in `concordance`."""
    parts = concordance(gold, predicted)
    return None if parts is None else parts.ccc


def _parts(truth: Floats, guess: Floats, r: float | None) -> Concordance:
    shift = float(guess.mean() - truth.mean())
    unit = max(float(np.ptp(truth)), float(np.ptp(guess)), abs(shift))
    sd_gold, sd_predicted = float((truth / unit).std()), float((guess / unit).std())
    centred = (truth - truth.mean()) / unit, (guess - guess.mean()) / unit
    disagreement = sd_gold**2 + sd_predicted**2 + (shift / unit) ** 2
    return Concordance(
        ccc=2 * float(np.mean(centred[0] * centred[1])) / disagreement,
        pearson=r,
        scale_shift=sd_predicted / sd_gold,
        location_shift=shift / unit / (sd_gold**0.5 * sd_predicted**0.5),
        bias_correction=2 * sd_gold * sd_predicted / disagreement,
    )
