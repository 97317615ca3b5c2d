"""Every expected number is worked out by hand beside it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import QUICK, SHARE, columns, rows

from affect_llm.errors import DataError
from affect_llm.metrics.risk_coverage import RiskCoverage, risk_coverage_curve

CONFIDENCES = [0.2, 0.9, 0.6, 0.6]
RIGHT = [False, True, False, True]
ITEMS = rows(SHARE, st.booleans(), least=1)


def test_the_curve_by_hand():
    # .9 right: 0 of 1;  both .6, one wrong: 1 of 3;  .2 wrong: 2 of 4
    assert risk_coverage_curve(CONFIDENCES, RIGHT) == [
        RiskCoverage(0.9, 0.25, 0.0),
        RiskCoverage(0.6, 0.75, pytest.approx(1 / 3)),
        RiskCoverage(0.2, 1.0, 0.5),
    ]


def test_a_constant_confidence_says_nothing():
    assert risk_coverage_curve([0.5] * 4, RIGHT) == [RiskCoverage(0.5, 1.0, 0.5)]


def test_no_answers_have_no_points():
    assert risk_coverage_curve([], []) == []


@QUICK
@given(ITEMS, st.randoms(use_true_random=False))
def test_order_and_the_scale_of_confidence_do_not_matter(items, random):
    shuffled = [(7 * c - 100, r) for c, r in random.sample(items, len(items))]
    before, after = columns(items, 2), columns(shuffled, 2)
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
    for point in curve:
        given_ = [r for c, r in items if c >= point.threshold]
        assert point.coverage == len(given_) / len(items)
        assert point.risk == pytest.approx(1 - np.mean(given_))


@QUICK
@given(ITEMS)
def test_doubling_changes_no_point_of_the_curve(items):
    once, twice = (risk_coverage_curve(*columns(i, 2)) for i in (items, items * 2))
    assert once == twice


@pytest.mark.parametrize(
    ("confidences", "sentence"),
    [
        ([], "There are 0 confidences and 1 outcomes;"),
        ([None], "The confidences must be finite numbers; items 0 "),
    ],
)
def test_nonsense_is_refused(confidences, sentence):
    with pytest.raises(DataError, match=f"^{sentence}"):
        risk_coverage_curve(confidences, [True])


def test_an_outcome_must_be_known():
    with pytest.raises(DataError, match=r"^The outcomes must be true or false;"):
        risk_coverage_curve([0.5], [None])
