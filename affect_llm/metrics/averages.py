"""The mean of scores some of which are not defined."""

from collections.abc import Sequence


def mean_defined(scores: Sequence[float | None], undefined: float | None = None) -> float | None:
    """Plain mean of the scores; None where none is counted.

    Args:
        scores: None for one that is not defined (0/0).
        undefined: what such a score counts: None leaves it out (scikit-learn's
            `zero_division=nan`), 0 is scikit-learn's default.
    """
    filled = [undefined if score is None else score for score in scores]
    counted = [score for score in filled if score is not None]
    return sum(counted) / len(counted) if counted else None
