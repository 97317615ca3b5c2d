"""How far two distributions over the same labels lie apart."""

from collections.abc import Mapping
from math import log2, sqrt


def jensen_shannon(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Jensen-Shannon distance, 0 (equal) to 1 (nothing in common), a metric.

    The square root of the divergence to base 2 (Lin 1991, IEEE Transactions on Information
    Theory 37:145-151, eq. 4.1; a metric by Endres and Schindelin 2003, theorem 1).

    Args:
        first: label → probability; sums to 1.
        second: likewise; a label that one of them lacks has probability 0 there.
    """
    labels = {*first, *second}
    middle = {k: (first.get(k, 0.0) + second.get(k, 0.0)) / 2 for k in labels}
    divergence = (_divergence(first, middle) + _divergence(second, middle)) / 2
    return min(1.0, sqrt(max(0.0, divergence)))


def _divergence(one: Mapping[str, float], middle: Mapping[str, float]) -> float:
    """Kullback-Leibler divergence in bits."""
    return sum(p * log2(p / middle[label]) for label, p in one.items() if p > 0)
