"""Comparing two systems: every expected number is worked out by hand beside it."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import QUICK, SHARE, columns, rows

from affect_llm.errors import DataError
from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.f1 import macro_f1
from affect_llm.metrics.holm import holm
from affect_llm.metrics.paired_bootstrap import PairedDifference, paired_bootstrap
from affect_llm.metrics.swap_test import SwapTest, swap_test


def rng(seed=7):
    return np.random.default_rng(seed)


def singles(count):
    return [str(i) for i in range(count)]


def means(first, second):
    return [partial(mean_of, np.array(row)) for row in (first, second)]


def mean_of(row, items):
    return float(row[items].mean())


def sign_flip_test(first, second, groups, generator, draws=10_000):
    """The test of a mean difference: to swap two scores is to flip the sign of their difference."""
    gap = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    return swap_test(lambda swap: float(np.where(swap, -gap, gap).mean()), groups, generator, draws)


def test_a_constant_difference_has_a_point_interval():
    found = paired_bootstrap(*means([0.5] * 3, [0.25] * 3), singles(3), rng(), 99)
    # none of 99 differences is at or below 0: 2 * (0 + 1) / (99 + 1)
    assert found == PairedDifference(0.25, 0.25, 0.25, 0.02, 99)


def test_equal_systems_differ_by_nothing():
    row = rng().random(20)
    assert paired_bootstrap(*means(row, row), singles(20), rng(), 50) == PairedDifference(
        0.0, 0.0, 0.0, 1.0, 50
    )


def test_the_interval_is_that_of_the_difference():
    first, second = rng().random((2, 60))
    groups = [str(i // 3) for i in range(60)]
    found = paired_bootstrap(*means(first, second), groups, rng(), 200, level=0.8)
    gap = means(first - second, [])[0]
    low, high = bootstrap_interval(gap, groups, rng(), 200, level=0.8)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)
    assert found.difference == pytest.approx(np.mean(first - second))


def test_pairing_cancels_what_is_hard_for_both():
    # 200 items of very different difficulty; the first system is better by .1 on each
    hard = rng().random(200) * 10
    found = paired_bootstrap(*means(hard + 0.1, hard), singles(200), rng(), 100)
    assert found.low == pytest.approx(0.1)
    assert found.high == pytest.approx(0.1)


def test_p_of_a_paired_bootstrap_is_the_share_beyond_zero_twice():
    # draws of two of the items -1 and 2: (-1, -1), (-1, 2), (2, -1), (2, 2): means -1, .5, .5, 2
    found = paired_bootstrap(*means([-1, 2], [0, 0]), singles(2), rng(), 999)
    assert (found.difference, found.low, found.high) == (0.5, -1, 2)
    assert found.p_value == pytest.approx(0.5, abs=0.06)


def test_the_other_way_round_is_the_same():
    first, second = rng().random((2, 30))
    there = paired_bootstrap(*means(first, second), singles(30), rng())
    back = paired_bootstrap(*means(second, first), singles(30), rng())
    assert back.difference == -there.difference
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert back.p_value == there.p_value
    assert there.draws == 1000


@pytest.mark.parametrize("groups", [[], ["x", "x"]])
def test_fewer_than_two_groups_have_no_interval(groups):
    assert paired_bootstrap(lambda i: 1.0, lambda i: 0.0, groups, rng()) is None


def test_a_difference_that_is_undefined_has_no_interval():
    def defined(items):
        return 1.0

    def never(items):
        return None

    def only_on_all_items(items):
        return 1.0 if sorted(items) == [0, 1, 2] else None

    for pair in [(defined, never), (never, defined), (defined, only_on_all_items)]:
        assert paired_bootstrap(*pair, singles(3), rng()) is None


def test_undefined_draws_are_left_out_and_not_counted():
    def all_but_one_draw(items, seen=[]):  # noqa: B006
        seen.append(items)
        return None if len(seen) == 5 else 1.0

    found = paired_bootstrap(all_but_one_draw, lambda i: 0.5, singles(3), rng(), 10)
    assert found == PairedDifference(0.5, 0.5, 0.5, pytest.approx(2 / 10), 9)


@pytest.mark.parametrize(("draws", "level"), [(0, 0.95), (10, 0.0), (10, 1.0)])
def test_bootstrap_settings_out_of_range_are_refused(draws, level):
    with pytest.raises(DataError, match=r"^A bootstrap needs draws >= 1 and 0 < level < 1, not"):
        paired_bootstrap(lambda i: 1.0, lambda i: 1.0, singles(2), rng(), draws, level)


def test_one_draw_is_allowed():
    assert paired_bootstrap(lambda i: 1.0, lambda i: 0.0, singles(2), rng(), 1).p_value == 1.0


def test_sign_flips_by_hand():
    # Differences 1, 2, 3: of 8 signs, |mean| reaches 2 only for +++ and ---: 2/8
    found = sign_flip_test([2, 3, 4], [1, 1, 1], singles(3), rng())
    assert found == SwapTest(2.0, 0.25, 8, exact=True)
    # Differences 1, 2, -3: all 8 sums are at least |0|
    assert sign_flip_test([1, 2, 0], [0, 0, 3], singles(3), rng()).p_value == 1.0
    # Differences 3, 1, -1: sum 3; 3 +1 -1, 3 -1 +1, 3 +1 +1 and their mirrors: 6/8
    assert sign_flip_test([3, 1, 0], [0, 0, 1], singles(3), rng()).p_value == 0.75


def test_groups_are_flipped_whole():
    # Group sums 3 and 3: only both together reach 6: 2 of 4
    found = sign_flip_test([2, 3, 4], [1, 1, 1], ["x", "x", "y"], rng())
    assert found == SwapTest(2.0, 0.5, 4, exact=True)


def test_sums_that_differ_in_the_last_digit_are_ties():
    # .1 + .2 - .3 and the like: every sign pattern that should tie does
    found = sign_flip_test([0.1, 0.2, 0.3], [0, 0, 0], singles(3), rng())
    assert found.p_value == 0.25
    assert sign_flip_test([0.3, 0.1], [0.1, 0.3], singles(2), rng()).p_value == 1.0
    # .3 - .1 - .2 is 0 but for the last digit, and so is nothing beside the others
    assert sign_flip_test([0.3, -0.1, -0.2], [0] * 3, singles(3), rng()).p_value == 1.0
    assert sign_flip_test([0.1, 0.2, -0.3], [0] * 3, singles(3), rng()).p_value == 1.0


def test_random_flips_count_the_observed_one():
    # 20 equal differences: a random sign pattern reaches all-equal once in half a million
    found = sign_flip_test([1] * 20, [0] * 20, singles(20), rng(), draws=99)
    assert found == SwapTest(1.0, 0.01, 100, exact=False)


def test_all_swaps_are_tried_where_they_are_no_more_than_the_draws():
    ones, zeros = [1] * 3, [0] * 3
    assert sign_flip_test(ones, zeros, singles(3), rng(), draws=8).exact
    assert sign_flip_test(ones, zeros, singles(3), rng(), draws=7).swaps == 8
    assert not sign_flip_test(ones, zeros, singles(3), rng(), draws=7).exact
    assert sign_flip_test([1] * 14, [0] * 14, singles(14), rng()).swaps == 10_001
    assert sign_flip_test([1] * 13, [0] * 13, singles(13), rng()).swaps == 2**13


def test_random_flips_come_near_the_exact_share():
    gap = rng().normal(0.4, 1, size=12)
    exact = sign_flip_test(gap, np.zeros(12), singles(12), rng(), draws=5000)
    near = sign_flip_test(gap, np.zeros(12), singles(12), rng(), draws=4000)
    assert (exact.exact, near.exact) == (True, False)
    assert near.p_value == pytest.approx(exact.p_value, abs=0.03)
    assert 0.05 < exact.p_value < 0.95
    assert near == sign_flip_test(gap, np.zeros(12), singles(12), rng(), draws=4000)


def test_sign_flips_agree_with_scipy():
    from scipy.stats import permutation_test

    first, second = rng(1).normal(size=(2, 11))
    ours = sign_flip_test(first, second, singles(11), rng(), draws=2**11)
    theirs = permutation_test(
        (first, second),
        lambda a, b: np.mean(a - b),
        permutation_type="samples",
        n_resamples=np.inf,
    )
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-12)


def test_a_mean_of_swapped_scores_is_a_sign_flip():
    first, second = rng(2).random((2, 9))

    def difference(swap):
        a, b = np.where(swap, second, first), np.where(swap, first, second)
        return float(a.mean() - b.mean())

    flips = sign_flip_test(first, second, singles(9), rng())
    assert swap_test(difference, singles(9), rng()).p_value == flips.p_value


def test_macro_f1_of_two_systems():
    labels = ("a", "b")
    gold = ["a", "b", "a", "b"]
    good, bad = (answer_codes(gold, answers, labels) for answers in (gold, ["b"] * 4))

    def difference(swap):
        pair = np.where(swap, bad, good), np.where(swap, good, bad)
        first, second = (macro_f1(counted(codes, 2)) for codes in pair)
        return first - second

    # Both are right on the two b. Macro F1 is 1 with both a right, 0 + (4/6)/... with none:
    # a: 0, b: 4/6 -> 1/3. With one each: equal. So 2 of 4 ways of the two a reach 2/3.
    found = swap_test(difference, singles(4), rng())
    assert found.difference == pytest.approx(2 / 3)
    assert (found.p_value, found.swaps) == (0.5, 16)


def test_systems_that_never_differ():
    found = swap_test(lambda swap: 0.0, singles(14), rng())
    assert found == SwapTest(0.0, 1.0, 10_001, exact=False)


def test_swaps_are_masks():
    for count in (2, 14):
        kinds = set()
        swap_test(lambda swap, kinds=kinds: kinds.add(swap.dtype) or 1.0, singles(count), rng(), 9)
        assert kinds == {np.dtype(bool)}


def test_an_undefined_swap_counts_against_the_difference():
    # defined as observed (1) and for the mirror; two undefined swaps count as reaching it
    found = swap_test(lambda swap: 1.0 if swap.all() or not swap.any() else None, singles(2), rng())
    assert found.p_value == 1.0
    assert swap_test(lambda swap: None, singles(2), rng()) is None


def test_no_items_have_no_test():
    assert swap_test(lambda swap: 1.0, [], rng()) is None
    assert sign_flip_test([], [], [], rng()) is None


@QUICK
@given(rows(SHARE, SHARE, st.sampled_from("xyz"), least=1), st.randoms(use_true_random=False))
def test_the_order_of_items_and_systems_does_not_matter_to_flips(items, random):
    found = sign_flip_test(*columns(items, 3), rng())
    second, first, groups = columns(random.sample(items, len(items)), 3)
    turned = sign_flip_test(first, second, groups, rng())
    assert turned.p_value == found.p_value
    assert turned.difference == pytest.approx(-found.difference, abs=1e-12)
    assert 2 / found.swaps <= found.p_value <= 1


def test_no_swaps_are_refused():
    with pytest.raises(DataError, match=r"^A swap test needs 1 draw or more, not 0\."):
        sign_flip_test([1], [1], ["x"], rng(), draws=0)


def test_one_random_swap_is_allowed():
    assert sign_flip_test([1] * 9, [0] * 9, singles(9), rng(), draws=1).swaps == 2


@pytest.mark.parametrize(("b", "c"), [(0, 1), (0, 6), (3, 3), (2, 3), (4, 1), (3, 9)])
def test_swaps_of_accuracy_are_mcnemars_exact_test(b, c):
    """b items that only the first system has right, c that only the second has."""
    from scipy.stats import binomtest

    first, second = [1] * b + [0] * c, [0] * b + [1] * c
    found = sign_flip_test(first, second, singles(b + c), rng())
    assert found.exact
    assert found.p_value == pytest.approx(binomtest(b, b + c).pvalue, rel=1e-9)


def test_holm_by_hand():
    # .01 * 4 = .04;  .02 * 3 = .06;  .03 * 2 = .06;  .5 * 1
    found = holm({"d": 0.5, "a": 0.01, "c": 0.03, "b": 0.02})
    assert list(found) == ["d", "a", "c", "b"]
    assert found == pytest.approx({"d": 0.5, "a": 0.04, "c": 0.06, "b": 0.06})


def test_holm_never_falls_and_never_exceeds_1():
    # .4 * 2 = .8, then .5 * 1 is raised to it;  .6 * 2 is cut
    assert holm({"a": 0.4, "b": 0.5}) == {"a": 0.8, "b": 0.8}
    assert holm({"a": 0.6, "b": 0.9}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}
    assert holm({"a": 0.3}) == {"a": 0.3}
    assert holm({"a": 0.02, "b": 0.02}) == {"a": 0.04, "b": 0.04}


@QUICK
@given(st.dictionaries(st.sampled_from("abcdef"), SHARE))
def test_holm_keeps_the_order_and_lies_between_p_and_bonferroni(p_values):
    found = holm(p_values)
    for name, p in p_values.items():
        assert p <= found[name] <= min(1, len(p_values) * p)
        assert all(found[name] <= found[other] for other in p_values if p_values[other] >= p)


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan"), None])
def test_holm_refuses_what_is_no_p(p):
    with pytest.raises(DataError, match=r"^The p values must"):
        holm({"a": 0.5, "b": p})
