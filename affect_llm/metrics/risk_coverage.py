"""What is gained by answering only when confident.

Risk-coverage curve (El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017, arXiv 1705.08500,
section 2): answers are given from the most confident one down; coverage is the share given, risk
the share of those that are wrong. Answers of equal confidence cannot be told apart: the curve has
one point for all of them.
"""

from dataclasses import dataclass

import numpy as np

from affect_llm.metrics.rows import Flags, Numbers, finite, flags, same_length


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
    same_length(confidences, "confidences", right, "outcomes")
    values = finite(confidences, "confidences")
    order = np.argsort(-values, kind="stable")
    values, wrong = values[order], ~flags(right, "outcomes")[order]
    given = np.arange(1, len(values) + 1)
    last = np.append(values[1:] != values[:-1], True)[: len(values)]
    errors = np.cumsum(wrong)
    return [
        RiskCoverage(float(v), float(g) / len(values), float(e) / float(g))
        for v, g, e in zip(values[last], given[last], errors[last], strict=True)
    ]
