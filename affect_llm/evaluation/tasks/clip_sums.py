"""Means over drawn clips, from sums of what each clip adds."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from affect_llm.metrics.coverage import Coverage
from affect_llm.metrics.resamples import Indices

Floats = NDArray[np.float64]
WORDS_SHOWN = 30
"""Unknown words that a report names; a page with more is read by nobody."""


class ClipSums:
    """Sums over drawn clips; clips that add the same are one row, so that a draw is a count.

    Args:
        tables: makes name → (n, c) of what each of n clips adds; asked for with the first draw.
    """

    def __init__(self, tables: Callable[[], Mapping[str, Floats]]) -> None:
        self._tables = tables

    @cached_property
    def _rows(self) -> tuple[Sequence[str], Floats, Indices]:
        """The names, every different row once, and the row of each clip."""
        tables = self._tables()
        rows, code = np.unique(
            np.concatenate(list(tables.values()), axis=1), axis=0, return_inverse=True
        )
        return list(tables), rows, code.ravel()

    def means(self, items: Indices) -> Mapping[str, list[float | None]]:
        """Name → the means over those of the clips `items` that are scored; None without any."""
        names, rows, codes = self._rows
        sums = np.bincount(codes[items], minlength=len(rows)) @ rows
        return {
            name: [float(total / scored) if scored else None for total in totals]
            for name, (scored, *totals) in zip(names, sums.reshape(len(names), -1), strict=True)
        }


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
