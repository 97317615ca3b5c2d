"""What is gained by answering only when confident.

Risk-coverage curve (El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017, arXiv 1705.08500,
section 2): answers are given from the most confident one down; coverage is the share given, risk
the share of those that are wrong. The area under it (AURC) is the mean risk over the coverages
1/n .. n/n (Geifman, Uziel and El-Yaniv 2019, arXiv 1805.08206, equation 1).

Answers of equal confidence cannot be told apart: the curve has one point for all of them, and
where a single place among them matters, the mean over all their orders is taken.
"""

from dataclasses import dataclass

import numpy as np

from affect_llm.errors import DataError
from affect_llm.metrics.rows import Flags, Floats, Numbers, finite, flags, same_length


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """One threshold on the confidence.

    Args:
        threshold: answers with at least this confidence are given.
        coverage: share of answers given, above 0 and at most 1.
        risk: share of those that are wrong, 0 to 1.
    """

    threshold: float
    coverage: float
    risk: float


def risk_coverage_curve(confidences: Numbers, right: Flags) -> list[RiskCoverage]:
    """One point per different confidence, from the highest down; empty without answers.

    Args:
        confidences: n finite numbers, higher for surer; any scale.
        right: whether each of the n answers was right.

    Raises:
        DataError: lengths differ, a confidence is missing, NaN or infinite, or an outcome is
            neither true nor false.
    """
    values, wrong = _sorted(confidences, right)
    given = np.arange(1, len(values) + 1)
    last = np.append(values[1:] != values[:-1], True)[: len(values)]
    errors = np.cumsum(wrong)
    return [
        RiskCoverage(float(v), float(g) / len(values), float(e) / float(g))
        for v, g, e in zip(values[last], given[last], errors[last], strict=True)
    ]


def area_under_risk_coverage(confidences: Numbers, right: Flags) -> float | None:
    """AURC: mean risk over the coverages 1/n .. n/n, 0 to 1; lower is better.

    None without answers. Where all confidences are equal it is the plain share of wrong answers.
    Arguments and errors as in `risk_coverage_curve`.
    """
    errors = _expected_errors(confidences, right)
    return float(np.mean(errors / np.arange(1, len(errors) + 1))) if len(errors) else None


def excess_risk_coverage(confidences: Numbers, right: Flags) -> float | None:
    """E-AURC: AURC above that of the best order, which has every right answer first.

    0 for confidences that sort right before wrong; comparable between systems of different
    accuracy (Geifman et al. 2019, section 3). None without answers. Arguments and errors as in
    `risk_coverage_curve`.
    """
    area = area_under_risk_coverage(confidences, right)
    best = area_under_risk_coverage(np.asarray(right, dtype=np.float64), right)
    return None if area is None or best is None else area - best


def selective_accuracy(confidences: Numbers, right: Flags, coverage: float) -> float | None:
    """Accuracy of the ceil(coverage * n) surest answers, 0 to 1; None without answers.

    Args:
        confidences: as in `risk_coverage_curve`.
        right: as in `risk_coverage_curve`.
        coverage: the share of answers to give, above 0 and at most 1.

    Raises:
        DataError: as in `risk_coverage_curve`, or the coverage is out of range.
    """
    if not 0 < coverage <= 1:
        raise DataError(f"Coverage is a share above 0 and at most 1, not {coverage}.")
    errors = _expected_errors(confidences, right)
    if len(errors) == 0:
        return None
    given = min(len(errors), int(np.ceil(round(coverage * len(errors), 9))))
    return 1 - float(errors[given - 1]) / given


def _sorted(confidences: Numbers, right: Flags) -> tuple[Floats, Floats]:
    same_length(confidences, "confidences", right, "outcomes")
    values = finite(confidences, "confidences")
    order = np.argsort(-values, kind="stable")
    return values[order], (~flags(right, "outcomes")[order]).astype(np.float64)


def _expected_errors(confidences: Numbers, right: Flags) -> Floats:
    """Wrong answers among the i surest, (n,), averaged over the orders of equal confidences."""
    values, wrong = _sorted(confidences, right)
    _, group, size = np.unique(-values, return_inverse=True, return_counts=True)
    share = np.bincount(group, weights=wrong, minlength=len(size)) / np.maximum(size, 1)
    return np.asarray(np.cumsum(share[group]))
