"""How much of what was said a vocabulary knows, and what it does not."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from affect_llm.metrics.label_rows import LabelRows


@dataclass(frozen=True, slots=True)
class Coverage:
    """Label mentions of one side, those without a place in the vocabulary, and their words.

    Args:
        mentions: labels of all clips together.
        unknown: how many of them the vocabulary does not know.
        words: unknown word -> mentions, the most frequent first, then by code point.
    """

    mentions: int
    unknown: int
    words: dict[str, int]

    @property
    def known_share(self) -> float | None:
        """Known mentions among all, 0 to 1; None without mentions."""
        return 1 - self.unknown / self.mentions if self.mentions else None


def coverage_of(words: list[str], side: LabelRows, knows: Callable[[str], bool]) -> Coverage:
    """Counts the mentions of a side whose word the vocabulary does not know."""
    counts = np.bincount(side.words, minlength=len(words)).tolist()
    strange = {word: n for word, n in zip(words, counts, strict=True) if n and not knows(word)}
    ordered = dict(sorted(strange.items(), key=lambda item: (-item[1], item[0])))
    return Coverage(len(side.words), sum(strange.values()), ordered)
