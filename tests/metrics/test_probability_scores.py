"""Scores of whole distributions: every expected number is worked out by hand beside it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import LABEL, LABELS, QUICK, columns, rows

from affect_llm.errors import DataError
from affect_llm.metrics.classwise_calibration import classwise_calibration_error
from affect_llm.metrics.distributions import judged
from affect_llm.metrics.proper_scores import brier_score, negative_log_likelihood

ABC = ("a", "b", "c")
TABLE = [[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.6, 0.4, 0.0]]
GOLD = ["a", "b", "b"]
EXACT = {"rel": 1e-12, "abs": 1e-12}
SCORES = [brier_score, negative_log_likelihood, classwise_calibration_error]
PARTS = st.lists(st.integers(1, 9), min_size=4, max_size=4)
DISTRIBUTION = PARTS.map(lambda parts: [p / sum(parts) for p in parts])
ITEMS = rows(DISTRIBUTION, LABEL, least=1)


def test_brier_by_hand():
    # .25 + .09 + .04 = .38;  .01 + .04 + .01 = .06;  .36 + .36 + 0 = .72
    assert brier_score(TABLE, GOLD, ABC) == pytest.approx((0.38 + 0.06 + 0.72) / 3, **EXACT)


def test_negative_log_likelihood_by_hand():
    expected = -(math.log(0.5) + math.log(0.8) + math.log(0.4)) / 3
    assert negative_log_likelihood(TABLE, GOLD, ABC) == pytest.approx(expected, **EXACT)


def test_classwise_error_by_hand():
    # Two bins per label, (0, .5] and (.5, 1].
    # a: {.5 yes, .1 no}: mean .3, share .5, gap .2, n 2;  {.6 no}: gap .6, n 1 -> 1/3
    # b: {.3 no, .4 yes}: mean .35, share .5, gap .15, n 2;  {.8 yes}: gap .2 -> .5/3
    # c: {.2, .1, 0 no}: gap .1, n 3 -> .1
    found = classwise_calibration_error(TABLE, GOLD, ABC, bins=2)
    assert found == pytest.approx((1 / 3 + 0.5 / 3 + 0.1) / 3, **EXACT)


def test_classwise_error_in_thirds_by_hand():
    # a: {.1 no}: .1;  {.5 yes, .6 no}: |.55 - .5| * 2 -> .2 of 3
    # b: {.3 no}: .3;  {.4 yes}: .6;  {.8 yes}: .2 -> 1.1 of 3;  c: {.2, .1, 0 no} -> .3 of 3
    found = classwise_calibration_error(TABLE, GOLD, ABC, bins=3)
    assert found == pytest.approx(1.6 / 9, **EXACT)


def test_classwise_error_with_equal_mass_by_hand():
    # Three bins per label, so one item each: a: .5, .1, .6 off; b: .3, .2, .6 off;
    # c: .2, .1, 0 off -> (1.2 + 1.1 + .3) / 3 / 3
    found = classwise_calibration_error(TABLE, GOLD, ABC, bins=3, equal_mass=True)
    assert found == pytest.approx(2.6 / 9, **EXACT)


def test_certain_distributions():
    right, wrong = [[1, 0, 0]] * 2, [[0, 1, 0]] * 2
    gold = ["a", "a"]
    assert [score(right, gold, ABC) for score in SCORES] == [0, 0, 0]
    assert str(negative_log_likelihood(right, gold, ABC)) == "0.0"
    assert brier_score(wrong, gold, ABC) == 2
    assert negative_log_likelihood(wrong, gold, ABC) == math.inf
    # a and b are off by 1, c by nothing
    assert classwise_calibration_error(wrong, gold, ABC) == pytest.approx(2 / 3)


def test_uniform_distributions():
    uniform = [[1 / 3] * 3] * 3
    assert brier_score(uniform, list(ABC), ABC) == pytest.approx(2 / 3, **EXACT)
    assert negative_log_likelihood(uniform, list(ABC), ABC) == pytest.approx(math.log(3), **EXACT)
    assert classwise_calibration_error(uniform, list(ABC), ABC) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("score", SCORES)
def test_no_items_have_no_score(score):
    assert score([], [], ABC) is None


def test_rounded_rows_are_divided_by_their_sum():
    found = judged([[0.333, 0.333, 0.3335], [1, 0, 0]], ["c", "b"], ABC)
    assert found.probabilities.sum(axis=1) == pytest.approx([1, 1], **EXACT)
    assert found.of_gold() == pytest.approx([0.3335 / 0.9995, 0], **EXACT)
    assert found.gold.tolist() == [2, 1]


def test_rows_that_sum_to_one_but_for_the_last_digit_stay_as_they_are():
    assert sum([0.7, 0.2, 0.1]) != 1
    assert judged([[0.7, 0.2, 0.1]], ["a"], ABC).probabilities.tolist() == [[0.7, 0.2, 0.1]]


def test_agrees_with_scikit_learn():
    from sklearn.metrics import brier_score_loss, log_loss

    rng = np.random.default_rng(4)
    table = rng.dirichlet([1, 2, 3], size=200)
    gold = [ABC[i] for i in rng.integers(3, size=200)]
    expected = brier_score_loss(gold, table, labels=ABC, scale_by_half=False)
    assert brier_score(table, gold, ABC) == pytest.approx(expected, **EXACT)
    expected = log_loss(gold, table, labels=ABC)
    assert negative_log_likelihood(table, gold, ABC) == pytest.approx(expected, **EXACT)


@QUICK
@given(ITEMS, st.randoms(use_true_random=False), st.booleans())
def test_order_doubling_and_the_order_of_labels_do_not_matter(items, random, equal_mass):
    table, gold = columns(items, 2)
    place = random.sample(range(4), 4)
    shuffled = random.sample(items, len(items)) * 2
    turned = [[row[i] for i in place] for row, _ in shuffled]
    labels = [LABELS[i] for i in place]
    for score in SCORES:
        expected = score(table, gold, LABELS)
        assert score(turned, [g for _, g in shuffled], labels) == pytest.approx(expected, abs=1e-9)
    errors = (
        classwise_calibration_error(table, gold, LABELS, equal_mass=equal_mass),
        classwise_calibration_error(
            turned, [g for _, g in shuffled], labels, equal_mass=equal_mass
        ),
    )
    assert errors[0] == pytest.approx(errors[1], abs=1e-9)


@QUICK
@given(ITEMS)
def test_bounds(items):
    table, gold = columns(items, 2)
    assert 0 <= brier_score(table, gold, LABELS) <= 2
    assert 0 <= classwise_calibration_error(table, gold, LABELS) <= 1
    assert negative_log_likelihood(table, gold, LABELS) >= 0


@QUICK
@given(DISTRIBUTION, DISTRIBUTION)
def test_the_true_probabilities_score_best_on_average(truth, other):
    for score in (brier_score, negative_log_likelihood):
        mean = [
            sum(p * score([said], [label], LABELS) for p, label in zip(truth, LABELS, strict=True))
            for said in (truth, other)
        ]
        assert mean[0] <= mean[1] + 1e-12


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize(
    ("table", "gold", "labels", "sentence"),
    [
        ([[1, 0, 0]], [], ABC, "There are 1 distributions and 0 gold labels;"),
        ([[1, 0]], ["a"], ABC, r"Probabilities have shape \(1, 2\); each item needs 3."),
        ([1.0], ["a"], ("a",), r"Probabilities have shape \(1,\); each item needs 1."),
        ([[1, 0, 0], [0.5, 0.2, 0.1]], ["a", "a"], ABC, ".* sum to 1 for each item; items 1 "),
        ([[1, 0, 0], [0.5, 0.5, 0.1]], ["a", "a"], ABC, ".* sum to 1 for each item; items 1 "),
        ([[1.2, -0.2, 0]], ["a"], ABC, "Probabilities must lie between 0 and 1 .* items 0 "),
        ([[1, 0, 0], [1.2, -0.2, 0]], ["a"] * 2, ABC, ".* for each item; items 1 .counted"),
        ([[1.0005, 0, 0]], ["a"], ABC, "Probabilities must lie between 0 and 1 .* items 0 "),
        ([[float("nan"), 1, 0]], ["a"], ABC, "Probabilities must lie between 0 and 1 "),
        ([["x", 1, 0]], ["a"], ABC, "Probabilities must be numbers, as many per item as labels."),
        ([[1, 0], [1]], ["a", "a"], ABC, "Probabilities must be numbers, as many per item as "),
        ([[1, 0, 0]], ["d"], ABC, "The gold labels d .items 0,"),
        ([[1, 0, 0]], ["a"], ("a", "b", "a"), "The label set names a more than once."),
    ],
)
def test_nonsense_is_refused(score, table, gold, labels, sentence):
    with pytest.raises(DataError, match=f"^{sentence}"):
        score(table, gold, labels)


@pytest.mark.parametrize(("off", "fine"), [(0.0009, True), (-0.0009, True), (0.0011, False)])
def test_how_far_a_sum_may_be_off(off, fine):
    table = [[0.5 + off, 0.5, 0]]
    if fine:
        assert len(judged(table, ["a"], ABC).gold) == 1
    else:
        with pytest.raises(DataError):
            judged(table, ["a"], ABC)
