"""Rows of input, refused in a sentence that says which items make no sense."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError

Floats = NDArray[np.float64]
Numbers = Sequence[float] | NDArray[np.floating]
Flags = Sequence[bool] | NDArray[np.bool_]
SHOWN = 5
"""How many items a sentence names, which is enough to find them; the others are counted."""


def listed(items: Iterable[object], shown: int = SHOWN) -> str:
    """Items as words: the first few, and how many more ("3, 8 and 2 more")."""
    every = list(items)
    named = ", ".join(map(str, every[:shown]))
    return f"{named} and {len(every) - shown} more" if len(every) > shown else named


def same_length(
    first: Sequence[object] | NDArray[np.generic],
    what_first: str,
    second: Sequence[object] | NDArray[np.generic],
    what_second: str,
) -> None:
    """Refuses rows that cannot belong together.

    Raises:
        DataError: `first` and `second` have different lengths.
    """
    if len(first) != len(second):
        raise DataError(
            f"There are {len(first)} {what_first} and {len(second)} {what_second}; each item "
            "needs one of both."
        )


def finite(values: Numbers, what: str) -> Floats:
    """Numbers as an array (n,), refused where one is not finite.

    Raises:
        DataError: one is missing, not a number, or infinite.
    """
    try:
        row = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(f"The {what} must be numbers, one per item.") from None
    if row.ndim != 1:
        raise DataError(f"The {what} must be one number per item, not a {row.ndim}-d table.")
    strange = np.flatnonzero(~np.isfinite(row))
    if len(strange):
        raise DataError(
            f"The {what} must be finite numbers; items {listed(strange)} (counted from 0) are "
            "missing, NaN or infinite: leave them out and report how many."
        )
    return row


def finite_pairs(gold: Numbers, predicted: Numbers) -> tuple[Floats, Floats]:
    """Gold and predicted numbers of the same items, both (n,).

    Raises:
        DataError: lengths differ, or one is missing, not a number, or infinite.
    """
    truth, guess = finite(gold, "gold values"), finite(predicted, "predictions")
    same_length(truth, "gold values", guess, "predictions")
    return truth, guess


def shares(values: Numbers, what: str) -> Floats:
    """Shares as an array (n,), all between 0 and 1.

    Raises:
        DataError: one is missing, not a number, or outside [0, 1].
    """
    row = finite(values, what)
    strange = np.flatnonzero((row < 0) | (row > 1))
    if len(strange):
        raise DataError(
            f"The {what} must lie between 0 and 1; items {listed(strange)} (counted from 0) do not."
        )
    return row


def flags(values: Flags, what: str) -> NDArray[np.bool_]:
    """Yes and no as an array (n,); 1 and 0 pass too.

    Raises:
        DataError: one is missing or neither yes nor no.
    """
    if isinstance(values, np.ndarray) and values.dtype == np.bool_:
        return values
    strange = [item for item, value in enumerate(values) if value not in (0, 1)]
    if strange:
        raise DataError(
            f"The {what} must be true or false; items {listed(strange)} (counted from 0) are not."
        )
    return np.asarray(values, dtype=np.bool_)


def different(labels: Sequence[str]) -> None:
    """Refuses a label set that names a label twice.

    Raises:
        DataError: a label is repeated.
    """
    repeated = sorted({label for label in labels if labels.count(label) > 1})
    if repeated:
        raise DataError(f"The label set names {', '.join(repeated)} more than once.")


def known(
    values: Iterable[str | None], labels: Sequence[str], what: str, *, unanswered: bool = False
) -> None:
    """Refuses labels from outside a closed set; None passes where `unanswered` is allowed.

    Raises:
        DataError: a value is not in `labels`.
    """
    allowed: set[str | None] = {*labels, None} if unanswered else set(labels)
    strange = [(item, value) for item, value in enumerate(values) if value not in allowed]
    if strange:
        words = sorted({str(value) for _, value in strange})
        raise DataError(
            f"The {what} {', '.join(words[:SHOWN])} (items {listed(i for i, _ in strange)}, "
            f"counted from 0) are not among the labels {', '.join(labels)}."
        )
