"""Calibration of every label's probability, not only of the answer's.

Top-label calibration can hide that rare labels are always underrated. Here each label is one
binary question, and the calibration errors of all labels are averaged (Kull et al. 2019, arXiv
1910.12656, equation 3; "static calibration error" in Nixon et al. 2019, arXiv 1904.01685, and
with bins of equal mass their "adaptive calibration error").
"""

from collections.abc import Sequence

from affect_llm.metrics.adaptive_calibration import adaptive_calibration_error
from affect_llm.metrics.calibration_error import BINS, expected_calibration_error
from affect_llm.metrics.distributions import Distributions, judged


def classwise_calibration_error(
    probabilities: Distributions,
    gold: Sequence[str],
    labels: Sequence[str],
    bins: int = BINS,
    *,
    equal_mass: bool = False,
) -> float | None:
    """Mean over the k labels of the calibration error of their probabilities.

    Between 0 and 1; None without items. Labels without gold items count too: their probability
    should be near 0.

    Args:
        probabilities: (n, k), one column per label, each row of sum 1.
        gold: n labels out of `labels`.
        labels: k different labels, in the order of the columns.
        bins: per label, at least 1.
        equal_mass: bins of equally many items instead of equal width.

    Raises:
        DataError: as in `distributions.judged`, or there are no bins.
    """
    found = judged(probabilities, gold, labels)
    error = adaptive_calibration_error if equal_mass else expected_calibration_error
    errors = [
        error(found.probabilities[:, label], found.gold == label, bins)
        for label in range(len(labels))
    ]
    defined = [value for value in errors if value is not None]
    return sum(defined) / len(defined) if defined else None
