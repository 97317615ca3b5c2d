"""Valence, arousal and other numbers: every expected one is worked out by hand beside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import NUMBER, QUICK, columns, rows

from affect_llm.errors import DataError
from affect_llm.metrics.concordance import concordance_correlation, pearson
from affect_llm.metrics.prediction_error import mean_absolute_error, root_mean_squared_error

GOLD, PREDICTED = [1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 4.0, 6.0]
EXACT = {"rel": 1e-12, "abs": 1e-12}
SYMMETRIC = [pearson, concordance_correlation, mean_absolute_error, root_mean_squared_error]
ITEMS = rows(NUMBER, NUMBER, least=2)


def test_pearson_by_hand():
    # means 2.5 and 3.5; products -1.5*-1.5 + -.5*-1.5 + .5*.5 + 1.5*2.5 = 7
    # squares 5 and 2.25 + 2.25 + .25 + 6.25 = 11
    assert pearson(GOLD, PREDICTED) == pytest.approx(7 / 55**0.5, **EXACT)


def test_concordance_by_hand():
    # population: cov 7/4, variances 5/4 and 11/4, means differ by 1
    # ccc = 2 * 7/4 / (5/4 + 11/4 + 1) = 3.5 / 5 = .7
    assert concordance_correlation(GOLD, PREDICTED) == pytest.approx(0.7, **EXACT)


def test_errors_by_hand():
    # differences 1, 0, 1, 2: mean 1, mean square 6/4
    assert mean_absolute_error(GOLD, PREDICTED) == 1.0
    assert root_mean_squared_error(GOLD, PREDICTED) == pytest.approx(1.5**0.5, **EXACT)


def test_opposite_and_equal_predictions():
    assert concordance_correlation(GOLD, GOLD) == pytest.approx(1, **EXACT)
    assert concordance_correlation([-1, 1], [1, -1]) == pytest.approx(-1, **EXACT)
    assert pearson(GOLD, GOLD[::-1]) == -1.0


@pytest.mark.parametrize("metric", SYMMETRIC)
def test_no_items_are_undefined(metric):
    assert metric([], []) is None


def test_one_item_has_an_error_but_no_correlation():
    assert pearson([1], [2]) is None
    assert concordance_correlation([1], [2]) is None
    assert mean_absolute_error([1], [-2]) == root_mean_squared_error([1], [-2]) == 3.0


def test_two_items_have_a_correlation():
    assert pearson([0, 1], [0, 5]) == pytest.approx(1, **EXACT)
    assert concordance_correlation([0, 1], [0, 1]) == pytest.approx(1, **EXACT)


# .1 three times: its mean is not .1 to the last digit, so its variance is not 0
CONSTANT = [0.1, 0.1, 0.1]


@pytest.mark.parametrize("other", [[1, 2, 3], [0.2, 0.2, 0.2]])
def test_a_constant_row_concords_by_nothing_and_has_no_correlation(other):
    assert concordance_correlation(CONSTANT, other) == 0.0
    assert concordance_correlation(other, CONSTANT) == 0.0
    assert pearson(CONSTANT, other) is None
    assert pearson(other, CONSTANT) is None


def test_two_equal_constants_are_undefined():
    assert concordance_correlation(CONSTANT, CONSTANT) is None


def test_very_small_and_very_large_numbers_keep_their_correlation():
    for unit in (1e-200, 1e200):
        gold, predicted = ([unit * x for x in row] for row in (GOLD, PREDICTED))
        assert pearson(gold, predicted) == pytest.approx(7 / 55**0.5)
        assert concordance_correlation(gold, predicted) == pytest.approx(0.7)


def test_equal_predictions_never_correlate_above_1():
    rng = np.random.default_rng(1)
    for row in rng.normal(size=(200, 7)):
        assert pearson(row, row) <= 1
        assert pearson(row, -row) >= -1


def test_agrees_with_scipy_and_scikit_learn():
    from scipy.stats import pearsonr
    from sklearn.metrics import mean_absolute_error as mae
    from sklearn.metrics import root_mean_squared_error as rmse

    gold, predicted = np.random.default_rng(5).normal(3, 2, size=(2, 300))
    assert pearson(gold, predicted) == pytest.approx(pearsonr(gold, predicted)[0], **EXACT)
    assert mean_absolute_error(gold, predicted) == pytest.approx(mae(gold, predicted), **EXACT)
    assert root_mean_squared_error(gold, predicted) == pytest.approx(rmse(gold, predicted), **EXACT)


@QUICK
@given(ITEMS, st.randoms(use_true_random=False))
def test_order_and_doubling_do_not_matter(items, random):
    others = random.sample(items, len(items)) * 2
    for metric in SYMMETRIC:
        expected = metric(*columns(items, 2))
        assert metric(*columns(others, 2)) == pytest.approx(expected, abs=1e-9)


@QUICK
@given(ITEMS)
def test_bounds_and_symmetry(items):
    gold, predicted = columns(items, 2)
    for metric in SYMMETRIC:
        assert metric(predicted, gold) == pytest.approx(metric(gold, predicted), abs=1e-12)
    assert mean_absolute_error(gold, predicted) <= root_mean_squared_error(gold, predicted) + 1e-12
    assert mean_absolute_error(gold, predicted) >= 0


@QUICK
@given(ITEMS)
def test_concordance_is_nearer_to_0_than_pearson(items):
    r, ccc = pearson(*columns(items, 2)), concordance_correlation(*columns(items, 2))
    if r is not None:
        assert abs(ccc) <= abs(r) + 1e-9 <= 1 + 2e-9


@QUICK
@given(ITEMS, st.floats(0.01, 100), NUMBER)
def test_pearson_ignores_the_scale_of_one_row_and_concordance_that_of_both(items, unit, shift):
    gold, predicted = columns(items, 2)
    moved = [[unit * x + shift for x in row] for row in (gold, predicted)]
    for metric, other in [(pearson, gold), (concordance_correlation, moved[0])]:
        assert metric(other, moved[1]) == pytest.approx(metric(gold, predicted), abs=1e-6)


@pytest.mark.parametrize("metric", SYMMETRIC)
@pytest.mark.parametrize(("gold", "predicted"), [([1], []), ([1], [float("nan")]), ([None], [1])])
def test_numbers_without_sense_are_refused(metric, gold, predicted):
    with pytest.raises(DataError):
        metric(gold, predicted)
