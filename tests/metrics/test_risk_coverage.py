"""Every expected number is worked out by hand beside it."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import QUICK, SHARE, columns, rows

from affect_llm.errors import DataError
from affect_llm.metrics.risk_coverage import (
    RiskCoverage,
    area_under_risk_coverage,
    excess_risk_coverage,
    risk_coverage_curve,
    selective_accuracy,
)

CONFIDENCES = [0.2, 0.9, 0.6, 0.6]
RIGHT = [False, True, False, True]
EXACT = {"rel": 1e-12, "abs": 1e-12}
ITEMS = rows(SHARE, st.booleans(), least=1)


def test_the_curve_by_hand():
    # .9 right: 0 of 1;  both .6, one wrong: 1 of 3;  .2 wrong: 2 of 4
    assert risk_coverage_curve(CONFIDENCES, RIGHT) == [
        RiskCoverage(0.9, 0.25, 0.0),
        RiskCoverage(0.6, 0.75, pytest.approx(1 / 3)),
        RiskCoverage(0.2, 1.0, 0.5),
    ]


def test_the_area_by_hand():
    # Errors so far: 0, then half an error on average, 1, 2 -> risks 0, .25, 1/3, .5
    expected = (0 + 0.25 + 1 / 3 + 0.5) / 4
    assert area_under_risk_coverage(CONFIDENCES, RIGHT) == pytest.approx(expected, **EXACT)


def test_the_excess_by_hand():
    # Best order: right, right, wrong, wrong -> risks 0, 0, 1/3, 1/2
    expected = (0 + 0.25 + 1 / 3 + 0.5) / 4 - (1 / 3 + 0.5) / 4
    assert excess_risk_coverage(CONFIDENCES, RIGHT) == pytest.approx(expected, **EXACT)


@pytest.mark.parametrize(
    ("coverage", "expected"),
    # one answer; two, of which half an error; three (.51 * 4 = 2.04, rounded up); all
    [(0.01, 1.0), (0.25, 1.0), (0.5, 0.75), (0.51, 2 / 3), (0.75, 2 / 3), (1, 0.5)],
)
def test_selective_accuracy_by_hand(coverage, expected):
    found = selective_accuracy(CONFIDENCES, RIGHT, coverage)
    assert found == pytest.approx(expected, **EXACT)


def test_a_share_of_a_hundred_answers_is_not_rounded_up_by_the_last_digit():
    # .07 * 100 = 7.000000000000001
    right = [True] * 7 + [False] * 93
    assert selective_accuracy(list(range(100, 0, -1)), right, 0.07) == 1.0


def test_a_constant_confidence_says_nothing():
    assert risk_coverage_curve([0.5] * 4, RIGHT) == [RiskCoverage(0.5, 1.0, 0.5)]
    assert area_under_risk_coverage([0.5] * 4, RIGHT) == 0.5
    assert selective_accuracy([0.5] * 4, RIGHT, 0.25) == 0.5


@pytest.mark.parametrize(("right", "area"), [(True, 0.0), (False, 1.0)])
def test_all_right_and_all_wrong(right, area):
    assert area_under_risk_coverage([0.1, 0.2], [right] * 2) == area
    assert excess_risk_coverage([0.1, 0.2], [right] * 2) == 0.0


def test_no_answers_have_no_area():
    assert risk_coverage_curve([], []) == []
    assert area_under_risk_coverage([], []) is None
    assert excess_risk_coverage([], []) is None
    assert selective_accuracy([], [], 0.5) is None


@QUICK
@given(st.lists(st.tuples(st.integers(1, 3), st.booleans()), min_size=1, max_size=6))
def test_the_area_is_the_mean_over_the_orders_of_equal_confidences(items):
    areas = []
    for order in permutations(items):
        if all(a[0] >= b[0] for a, b in pairwise(order)):
            wrong = np.cumsum([not right for _, right in order])
            areas.append(np.mean(wrong / np.arange(1, len(order) + 1)))
    assert area_under_risk_coverage(*columns(items, 2)) == pytest.approx(np.mean(areas), abs=1e-12)


@QUICK
@given(ITEMS, st.randoms(use_true_random=False), st.sampled_from([0.25, 0.5, 1]))
def test_order_and_the_scale_of_confidence_do_not_matter(items, random, coverage):
    shuffled = [(7 * c - 100, r) for c, r in random.sample(items, len(items))]
    before, after = columns(items, 2), columns(shuffled, 2)
    for score in (area_under_risk_coverage, excess_risk_coverage):
        assert score(*after) == pytest.approx(score(*before), abs=1e-12)
    accuracies = (selective_accuracy(*rows_, coverage) for rows_ in (before, after))
    assert len({round(a, 9) for a in accuracies}) == 1
    points = [[(p.coverage, p.risk) for p in risk_coverage_curve(*r)] for r in (before, after)]
    assert points[0] == points[1]


@QUICK
@given(ITEMS)
def test_bounds_and_ends(items):
    confidences, right = columns(items, 2)
    error = 1 - np.mean(right)
    curve = risk_coverage_curve(confidences, right)
    assert (curve[-1].coverage, curve[-1].risk) == (1.0, pytest.approx(error))
    assert curve[-1].threshold == min(confidences)
    assert all(a.coverage < b.coverage for a, b in pairwise(curve))
    assert all(a.threshold > b.threshold for a, b in pairwise(curve))
    assert selective_accuracy(confidences, right, 1) == pytest.approx(1 - error)
    assert 0 <= area_under_risk_coverage(confidences, right) <= 1
    assert excess_risk_coverage(confidences, right) >= -1e-12
    for point in curve:
        found = selective_accuracy(confidences, right, point.coverage)
        assert found == pytest.approx(1 - point.risk)


@QUICK
@given(ITEMS)
def test_doubling_changes_no_point_of_the_curve(items):
    once, twice = (risk_coverage_curve(*columns(i, 2)) for i in (items, items * 2))
    assert once == twice


@pytest.mark.parametrize(
    "score", [risk_coverage_curve, area_under_risk_coverage, excess_risk_coverage]
)
@pytest.mark.parametrize(
    ("confidences", "sentence"),
    [
        ([], "There are 0 confidences and 1 outcomes;"),
        ([None], "The confidences must be finite numbers; items 0 "),
    ],
)
def test_nonsense_is_refused(score, confidences, sentence):
    with pytest.raises(DataError, match=f"^{sentence}"):
        score(confidences, [True])


def test_an_outcome_must_be_known():
    with pytest.raises(DataError, match=r"^The outcomes must be true or false;"):
        area_under_risk_coverage([0.5], [None])


@pytest.mark.parametrize("coverage", [0, -0.1, 1.01, float("nan")])
def test_coverage_is_a_share(coverage):
    with pytest.raises(DataError, match=r"^Coverage is a share above 0 and at most 1, not "):
        selective_accuracy(CONFIDENCES, RIGHT, coverage)
