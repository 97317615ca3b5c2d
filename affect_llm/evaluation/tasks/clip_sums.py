"""Means over drawn clips, from sums of what each clip adds."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from affect_llm.metrics.coverage import Coverage
from affect_llm.metrics.resamples import Indices

Floats = NDArray[np.float64]
WORDS_SHOWN = 30
"""Unknown words that a report names; a page with more is read by nobody."""


def clip_means(
    tables: Callable[[], Mapping[str, Floats]],
) -> Callable[[Indices], Mapping[str, list[float | None]]]:
    """Means over drawn clips: name → those of the clips that are scored; None without any.

    Clips that add the same are one row, so that a draw is a count.

    Args:
        tables: makes name → (n, c) of what each of n clips adds; asked for with the first draw.
    """

    @cache
    def different() -> tuple[Sequence[str], Floats, Indices]:
        made = tables()
        both = np.concatenate(list(made.values()), axis=1)
        rows, code = np.unique(both, axis=0, return_inverse=True)
        return list(made), rows, code.ravel()

    def means(items: Indices) -> Mapping[str, list[float | None]]:
        names, rows, codes = different()
        sums = (np.bincount(codes[items], minlength=len(rows)) @ rows).reshape(len(names), -1)
        return {
            name: [float(total / scored) if scored else None for total in totals]
            for name, (scored, *totals) in zip(names, sums, strict=True)
        }

    return means


def contributions(scored: NDArray[np.bool_], *columns: Floats) -> Floats:
    """(n, 1 + c): whether each clip is scored, and c values of the scored ones; 0 elsewhere."""
    table = np.zeros((len(scored), 1 + len(columns)))
    table[scored] = np.stack([np.ones(int(scored.sum())), *columns], axis=1)
    return table


def coverage_values(gold: Coverage, predicted: Coverage) -> dict[str, dict[str, object]]:
    """Coverage of either side as JSON values, with the commonest unknown words."""
    return {
        side: {
            "mentions": coverage.mentions,
            "unknown": coverage.unknown,
            "known_share": coverage.known_share,
            "unknown_words": dict(list(coverage.words.items())[:WORDS_SHOWN]),
        }
        for side, coverage in (("gold", gold), ("predicted", predicted))
    }
