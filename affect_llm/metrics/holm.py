"""Holm's correction of p values for several tests.

Holm 1979 (Scandinavian Journal of Statistics 6, 65-70): the i-th smallest of m p values is
multiplied by m - i + 1, and none may fall below a smaller one. It holds the chance of one or more
false findings at the level, however the tests depend on one another.
"""

from collections.abc import Mapping

from affect_llm.metrics.rows import shares


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjusted p values under the same names, in the given order; reject where <= the level.

    Args:
        p_values: name of a comparison -> its p, 0 to 1.

    Raises:
        DataError: a p is NaN or outside [0, 1].
    """
    shares(list(p_values.values()), "p values")
    adjusted, least = {}, 0.0
    for done, name in enumerate(sorted(p_values, key=p_values.__getitem__)):
        least = max(least, min(1.0, (len(p_values) - done) * p_values[name]))
        adjusted[name] = least
    return {name: adjusted[name] for name in p_values}
