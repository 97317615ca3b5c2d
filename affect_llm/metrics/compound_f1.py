"""Scores of compound emotions: the exact pair, and credit for one right half.

The ABAW compound challenge (Kollias 2023) scores the F1 averaged over its seven classes: exact
pairs, `f1.macro_f1` of `compound_names`, whose `undefined=0` divides by all classes, also ones
that never occur. A system that answers "fearfully surprised" for "happily surprised" saw half of
it, which `component_credits` shows.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.metrics.compound_classes import C_EXPR_7, Pair, classes_by_pair
from affect_llm.metrics.rows import listed, same_length


def compound_names(
    gold: Sequence[Pair], predicted: Sequence[Pair | None], classes: Sequence[str] = C_EXPR_7
) -> tuple[list[str], list[str | None]]:
    """Gold and answered classes by name, as `confusion.answer_codes` takes them.

    An answer outside the classes (a single emotion, another pair, None) becomes None: wrong, and
    in the denominators.

    Args:
        gold: n pairs, each one of the classes (`compound_classes.compound` reads them).
        predicted: n pairs or single emotions, None for an unparsed answer.
        classes: names of compounds.

    Raises:
        DataError: lengths differ, a gold pair is none of the classes, or a class is not a
            compound or names the same pair as another.
    """
    same_length(gold, "gold pairs", predicted, "answers")
    name = classes_by_pair(classes)
    outside = [item for item, pair in enumerate(gold) if pair not in name]
    if outside:
        raise DataError(
            f"The gold pairs of items {listed(outside)} (counted from 0) are none of the classes "
            f"{', '.join(classes)}."
        )
    answers = [None if pair is None else name.get(pair) for pair in predicted]
    return [name[pair] for pair in gold], answers


def component_credits(
    gold: Sequence[Pair], predicted: Sequence[Pair | None]
) -> NDArray[np.float64]:
    """F1 of the gold and the answered emotions of each item, (n,): 2 * shared / (gold + answered).

    Pair against pair: 1 for both halves, .5 for one, 0 for none. A single emotion that is one of
    the halves gets 2/3; an unparsed answer 0.

    Raises:
        DataError: lengths differ, or a gold pair is empty.
    """
    same_length(gold, "gold pairs", predicted, "answers")
    empty = [item for item, pair in enumerate(gold) if not pair]
    if empty:
        raise DataError(f"The gold pairs of items {listed(empty)} (counted from 0) are empty.")
    guesses = [pair or frozenset() for pair in predicted]
    both = zip(gold, guesses, strict=True)
    return np.array([2 * len(pair & guess) / (len(pair) + len(guess)) for pair, guess in both])
