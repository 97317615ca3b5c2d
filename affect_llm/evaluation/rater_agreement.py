"""Do several people label the same clips alike? Agreement beyond chance, with an interval."""

from collections.abc import Sequence
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from affect_llm.errors import ConfigError, DataError
from affect_llm.evaluation.intervals import score_of
from affect_llm.evaluation.ratings import Ratings
from affect_llm.metrics.bootstrap import Statistic
from affect_llm.metrics.cohen_kappa import cohen_kappa
from affect_llm.metrics.concordance import concordance_correlation
from affect_llm.metrics.fleiss_kappa import fleiss_kappa
from affect_llm.metrics.krippendorff_alpha import interval_alpha, nominal_alpha, ordinal_alpha
from affect_llm.metrics.rating_tables import label_counts, number_table
from affect_llm.metrics.rows import Floats
from affect_llm.types import Model, Score

AGREEMENT_SCHEMA: Literal["affect-llm/rater-agreement@1"] = "affect-llm/rater-agreement@1"
Scale = Literal["nominal", "ordinal", "interval"]
SCALES: tuple[Scale, ...] = get_args(Scale)
MOST_LABELS = 1000
"""More different labels than this are free text, which nobody can agree on by chance."""
_PAIR_MEASURES: dict[Scale, str] = {
    "nominal": "cohen_kappa",
    "ordinal": "quadratic_kappa",
    "interval": "concordance_correlation",
}


class PairAgreement(Model):
    """Two raters on the n items that both rated; None where it is not defined.

    Args:
        value: Cohen's kappa; with quadratic weights of ordered labels; of numbers Lin's
            concordance correlation.
    """

    first: str
    second: str
    n: int
    value: float | None


class RaterAgreement(Model):
    """`affect-llm/rater-agreement@1`: how far the raters of one file agree.

    Args:
        alpha: Krippendorff's, of the items with two ratings or more; its interval is over items,
            or over the groups of `groups`.
        fleiss: Fleiss' kappa; None on the interval scale, and where ratings are missing.
        pairs: every two raters; `pair_measure` says which number.
        labels: in order on the ordinal scale; empty on the interval scale.
        missing: ratings that are not there.
    """

    schema_version: Literal["affect-llm/rater-agreement@1"] = AGREEMENT_SCHEMA
    scale: Scale
    raters: tuple[str, ...]
    labels: tuple[str, ...]
    items: int
    groups: str
    missing: int
    alpha: Score
    fleiss: float | None
    pair_measure: str
    pairs: tuple[PairAgreement, ...]


def rater_agreement(ratings: Ratings, scale: Scale, order: Sequence[str] = ()) -> RaterAgreement:
    """How far raters agree, all together and two at a time.

    Args:
        ratings: of n items.
        scale: labels without an order, labels with one, or numbers.
        order: the labels from the lowest to the highest; may be left out for numbers.

    Raises:
        ConfigError: an ordinal scale without an order.
        DataError: a rating is no number on the interval scale, or not in `order`; or there are
            more than `MOST_LABELS`.
    """
    if scale == "interval":
        try:
            rows = [[None if c is None else float(c) for c in row] for row in ratings.cells]
        except ValueError as error:
            raise DataError(f"The interval scale needs numbers: {error}.") from None
        numbers = number_table(rows)
        return _report(ratings, scale, (), numbers, lambda i: interval_alpha(numbers[i]))
    labels = _labels(ratings, scale, tuple(label.casefold() for label in order))
    counts = label_counts(ratings.cells, labels)
    alpha = ordinal_alpha if scale == "ordinal" else nominal_alpha
    return _report(ratings, scale, labels, counts, lambda i: alpha(counts[i]))


def _report(
    ratings: Ratings, scale: Scale, labels: tuple[str, ...], table: Floats, alpha: Statistic
) -> RaterAgreement:
    given = np.array([[cell is not None for cell in row] for row in ratings.cells])
    pairable = int((given.sum(axis=1) >= 2).sum())
    skipped = {"fewer than two ratings": len(given) - pairable}
    agreement = score_of("krippendorff_alpha", alpha, ratings.groups, skipped)
    return RaterAgreement(
        scale=scale,
        raters=ratings.raters,
        labels=labels,
        items=len(given),
        groups=ratings.grouped_by,
        missing=int((~given).sum()),
        alpha=agreement.model_copy(update={"n": pairable}),
        fleiss=fleiss_kappa(table) if labels and given.all() else None,
        pair_measure=_PAIR_MEASURES[scale],
        pairs=tuple(
            _pair(ratings, scale, labels, a, b) for a, b in combinations(range(len(given[0])), 2)
        ),
    )


def _pair(
    ratings: Ratings, scale: Scale, labels: tuple[str, ...], one: int, other: int
) -> PairAgreement:
    both = [(row[one], row[other]) for row in ratings.cells]
    rated = [(a, b) for a, b in both if a is not None and b is not None]
    first, second = [a for a, _ in rated], [b for _, b in rated]
    if scale == "interval":
        value = concordance_correlation(list(map(float, first)), list(map(float, second)))
    else:
        weights: Literal["plain", "quadratic"] = "quadratic" if scale == "ordinal" else "plain"
        value = cohen_kappa(first, second, labels, weights)
    return PairAgreement(
        first=ratings.raters[one], second=ratings.raters[other], n=len(rated), value=value
    )


def _labels(ratings: Ratings, scale: Scale, order: tuple[str, ...]) -> tuple[str, ...]:
    """The labels that were given, in the order asked for; numbers have one of their own."""
    labels = {cell for row in ratings.cells for cell in row if cell is not None}
    if len(labels) > MOST_LABELS:
        raise DataError(
            f"The columns {', '.join(ratings.raters)} hold {len(labels)} different labels; at most "
            f"{MOST_LABELS} can be compared. Name the columns of labels with --raters."
        )
    if order or scale == "nominal":
        return order or tuple(sorted(labels))
    try:
        return tuple(sorted(labels, key=float))
    except ValueError:
        raise ConfigError(
            "The ordinal scale needs --order with the labels from the lowest to the highest; "
            f"the file has {', '.join(sorted(labels)[:9])}."
        ) from None
