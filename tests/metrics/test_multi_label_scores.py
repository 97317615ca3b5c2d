"""Every expected number is worked out by hand beside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import LABELS, QUICK, columns, rows

from affect_llm.errors import DataError
from affect_llm.metrics.label_sets import label_set_pair
from affect_llm.metrics.multi_label_f1 import (
    micro_f1,
    multi_label_f1_per_label,
    multi_label_macro_f1,
    multi_label_weighted_f1,
    samples_f1,
)
from affect_llm.metrics.multi_label_match import exact_match, jaccard

ABCD = ("a", "b", "c", "d")
GOLD = [{"a", "b"}, {"a"}, set(), {"c"}, set()]
PREDICTED = [{"a"}, {"a"}, set(), {"a", "b"}, {"b"}]
F1 = [micro_f1, multi_label_macro_f1, multi_label_weighted_f1, samples_f1]
SCORES = [*F1, exact_match, jaccard]
SET = st.sets(st.sampled_from(LABELS))
ITEMS = rows(SET, SET, least=1)


@pytest.fixture
def pair():
    return label_set_pair(GOLD, PREDICTED, ABCD)


def test_indicators_follow_the_order_of_labels():
    found = label_set_pair([["b", "b"], ()], [{"a"}, ["d", "c"]], ABCD)
    assert found.gold.tolist() == [[False, True, False, False], [False] * 4]
    assert found.predicted.tolist() == [
        [True, False, False, False],
        [False, False, True, True],
    ]


def test_an_item_may_have_all_labels():
    assert exact_match(label_set_pair([set(ABCD)], [set(ABCD)], ABCD)) == 1.0


def test_f1_per_label(pair):
    # a: TP 2, FP 1, FN 0 -> 4/5;  b: TP 0, FP 2, FN 1 -> 0;  c: TP 0, FN 1 -> 0;  d: 0/0
    assert multi_label_f1_per_label(pair) == [0.8, 0.0, 0.0, None]


def test_averages(pair):
    # 4 gold labels and 5 answers, 2 shared
    assert micro_f1(pair) == pytest.approx(4 / 9)
    assert multi_label_macro_f1(pair) == pytest.approx(0.8 / 3)
    assert multi_label_macro_f1(pair, undefined=0) == pytest.approx(0.8 / 4)
    # gold counts 2, 1, 1, 0
    assert multi_label_weighted_f1(pair) == pytest.approx(1.6 / 4)


def test_samples_f1(pair):
    # 2/3, 1, undefined, 0, 0
    assert samples_f1(pair) == pytest.approx((2 / 3 + 1) / 4)
    assert samples_f1(pair, undefined=0) == pytest.approx((2 / 3 + 1) / 5)
    assert samples_f1(pair, undefined=1) == pytest.approx((2 / 3 + 2) / 5)


def test_matches(pair):
    # the second and third items are equal
    assert exact_match(pair) == 2 / 5
    # 1/2, 1, undefined, 0, 0
    assert jaccard(pair) == pytest.approx(1.5 / 4)
    assert jaccard(pair, undefined=0) == pytest.approx(1.5 / 5)
    assert jaccard(pair, undefined=1) == pytest.approx(2.5 / 5)


def test_no_items_are_undefined():
    nothing = label_set_pair([], [], ABCD)
    assert [score(nothing) for score in SCORES] == [None] * 6
    assert jaccard(nothing, undefined=1) is None
    assert samples_f1(nothing, undefined=1) is None


def test_only_empty_sets_match_but_have_no_f1():
    empty = label_set_pair([set()] * 2, [set()] * 2, ABCD)
    assert [score(empty) for score in F1] == [None] * 4
    assert (exact_match(empty), jaccard(empty)) == (1.0, None)
    assert jaccard(empty, undefined=1) == 1.0


def test_labels_given_where_none_are_right():
    wrong = label_set_pair([set()], [{"a"}], ABCD)
    assert (micro_f1(wrong), multi_label_macro_f1(wrong), samples_f1(wrong)) == (0, 0, 0)
    assert multi_label_weighted_f1(wrong) is None


def test_a_draw_repeats_items(pair):
    drawn = pair.of(np.array([1, 1, 3], dtype=np.intp))
    assert (
        drawn.gold.tolist() == label_set_pair([{"a"}, {"a"}, {"c"}], [()] * 3, ABCD).gold.tolist()
    )
    # a: TP 2, FP 1 -> 4/5;  b, c: 0
    assert multi_label_f1_per_label(drawn) == [0.8, 0.0, 0.0, None]


@pytest.mark.parametrize("density", [0.02, 0.3, 0.9])
def test_agrees_with_scikit_learn(density):
    from sklearn import metrics

    rng = np.random.default_rng(8)
    gold, predicted = rng.random((2, 60, 4)) < density
    as_sets = [[{LABELS[j] for j in np.flatnonzero(r)} for r in t] for t in (gold, predicted)]
    pair = label_set_pair(*as_sets, LABELS)
    same = {"rel": 1e-12, "abs": 1e-12}
    for name, score in zip(("micro", "macro", "weighted", "samples"), F1, strict=True):
        theirs = metrics.f1_score(gold, predicted, average=name, zero_division=np.nan)
        assert score(pair) == pytest.approx(theirs, **same)
    for undefined in (0, 1):
        for name, score in [("macro", multi_label_macro_f1), ("samples", samples_f1)]:
            theirs = metrics.f1_score(gold, predicted, average=name, zero_division=undefined)
            assert score(pair, undefined) == pytest.approx(theirs, **same)
        theirs = metrics.jaccard_score(gold, predicted, average="samples", zero_division=undefined)
        assert jaccard(pair, undefined) == pytest.approx(theirs, **same)
    assert exact_match(pair) == pytest.approx(metrics.accuracy_score(gold, predicted), **same)


@QUICK
@given(ITEMS, st.randoms(use_true_random=False))
def test_order_doubling_and_the_order_of_labels_do_not_matter(items, random):
    shuffled = random.sample(items, len(items)) * 2
    before = label_set_pair(*columns(items, 2), LABELS)
    after = label_set_pair(*columns(shuffled, 2), random.sample(LABELS, 4))
    for score in SCORES:
        assert score(after) == pytest.approx(score(before), abs=1e-12)


@QUICK
@given(ITEMS)
def test_bounds_symmetry_and_order(items):
    gold, predicted = columns(items, 2)
    there, back = (label_set_pair(*p, LABELS) for p in ((gold, predicted), (predicted, gold)))
    for score in SCORES:
        if score is not multi_label_weighted_f1:
            assert score(there) == pytest.approx(score(back), abs=1e-12)
        value = score(there)
        assert value is None or 0 <= value <= 1
    assert exact_match(there) <= jaccard(there, 1) + 1e-12
    assert jaccard(there, 1) <= samples_f1(there, 1) + 1e-12


@pytest.mark.parametrize(
    ("gold", "predicted", "labels", "sentence"),
    [
        ([{"a"}], [], ABCD, "There are 1 gold label sets and 0 predicted label sets;"),
        ([{"a"}], ["a"], ABCD, "The predicted labels of items 0 are a string, not a set."),
        ([{"a"}, "b"], [(), ()], ABCD, "The gold labels of items 1 are a string, not a set."),
        (
            [{"a"}, {"x"}, {"y", "a"}],
            [()] * 3,
            ABCD,
            "The gold labels x, y .items 1, 2, counted from 0. are not among the labels a, b, c",
        ),
        ([()], [{"x"}], ABCD, "The predicted labels x .items 0,"),
        ([()], [()], ("a", "a"), "The label set names a more than once."),
    ],
)
def test_nonsense_is_refused(gold, predicted, labels, sentence):
    with pytest.raises(DataError, match=f"^{sentence}"):
        label_set_pair(gold, predicted, labels)
