"""The baseline that answers with the commonest training label."""

from collections import Counter
from collections.abc import Sequence


def majority_label(training: Sequence[str]) -> str | None:
    """The commonest label, the alphabetically first of equals; None without labels."""
    counts = Counter(training)
    return min(counts, key=lambda label: (-counts[label], label), default=None)
