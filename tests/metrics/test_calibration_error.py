"""Every expected number is worked out by hand beside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import QUICK, SHARE, columns, rows

from affect_llm.errors import DataError
from affect_llm.metrics.calibration_error import (
    BINS,
    expected_calibration_error,
    reliability_bins,
)

ITEMS = rows(SHARE, st.booleans(), least=1)


def test_expected_calibration_error_by_hand() -> None:
    # Two bins. (0, .5]: .3 wrong, .5 right -> mean confidence .4, accuracy .5, gap .1, n 2.
    # (.5, 1]: .9 right, .7 wrong, .8 wrong -> mean .8, accuracy 1/3, gap 7/15, n 3.
    # ECE = (2 * .1 + 3 * 7/15) / 5 = (.2 + 1.4) / 5 = .32
    confidences = [0.3, 0.5, 0.9, 0.7, 0.8]
    right = [False, True, True, False, False]
    assert expected_calibration_error(confidences, right, bins=2) == pytest.approx(0.32)


def test_a_bin_takes_its_upper_bound_and_the_first_also_zero() -> None:
    bins = reliability_bins([0.0, 0.2, 0.4, 1.0], [True] * 4, bins=5)
    assert [b.n for b in bins] == [2, 1, 0, 0, 1]
    assert (bins[2].confidence, bins[2].accuracy) == (None, None)
    assert [(b.low, b.high) for b in bins[:2]] == [(0, 0.2), (0.2, 0.4)]


@pytest.mark.parametrize("k", range(1, 16))
def test_every_fifteenth_is_in_the_bin_that_it_closes(k: int) -> None:
    bins = reliability_bins([k / 15], [True])
    assert bins[k - 1].n == 1
    assert len(bins) == BINS == 15


def test_certain_and_always_wrong_is_one_and_half_sure_half_right_is_zero() -> None:
    error = expected_calibration_error
    assert error([1.0, 1.0], [False, False]) == 1.0
    assert error([0.5, 0.5], [True, False]) == 0.0


def test_no_answers_have_no_error() -> None:
    assert expected_calibration_error([], []) is None
    assert {b.n for b in reliability_bins([], [])} == {0}


def test_one_bin_holds_means_against_each_other() -> None:
    # mean confidence .5, accuracy 2/3
    found = expected_calibration_error([0.2, 0.5, 0.8], [True, False, True], bins=1)
    assert found == pytest.approx(1 / 6)


@QUICK
@given(ITEMS, st.randoms(use_true_random=False), st.integers(1, 20))
def test_order_and_doubling_do_not_matter(items, random, bins) -> None:
    shuffled = random.sample(items, len(items)) * 2
    expected = expected_calibration_error(*columns(items, 2), bins)
    found = expected_calibration_error(*columns(shuffled, 2), bins)
    assert found == pytest.approx(expected, abs=1e-12)


@QUICK
@given(ITEMS, st.integers(1, 20))
def test_bins_hold_every_answer_and_the_error_is_a_share(items, bins) -> None:
    confidences, right = columns(items, 2)
    found = reliability_bins(confidences, right, bins)
    assert sum(b.n for b in found) == len(items)
    assert len(found) <= bins
    for b in found:
        inside = [c for c in confidences if b.low < c <= b.high or (c == 0 and b is found[0])]
        assert len(inside) == b.n
    # The gap of the means is the least that any binning can show.
    means = abs(np.mean(confidences) - np.mean(right))
    assert means - 1e-12 <= expected_calibration_error(confidences, right, bins) <= 1


@pytest.mark.parametrize("make", [reliability_bins, expected_calibration_error])
@pytest.mark.parametrize(
    ("confidences", "right", "bins", "sentence"),
    [
        ([0.5], [], 15, "There are 1 confidences and 0 outcomes;"),
        ([0.1, 1.2], [True, True], 15, "The confidences must lie between 0 and 1; items 1 "),
        ([float("nan")], [True], 15, "The confidences must be finite numbers; items 0 "),
        ([0.5], [None], 15, "The outcomes must be true or false; items 0 "),
        ([0.5], [True], 0, "Calibration needs 1 bin or more, not 0."),
    ],
)
def test_nonsense_is_refused(make, confidences, right, bins, sentence) -> None:
    with pytest.raises(DataError, match=f"^{sentence}"):
        make(confidences, right, bins)
