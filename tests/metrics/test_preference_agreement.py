"""Every expected number is worked out by hand beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import QUICK, columns, rows

from affect_llm.errors import DataError
from affect_llm.metrics.preference import PreferenceAgreement, preference_agreement

PLACE = st.sampled_from(["first", "second"])
ANSWER = st.one_of(PLACE, st.none())
ITEMS = rows(PLACE, ANSWER, ANSWER, least=1)
OTHER = {"first": "second", "second": "first", None: None}


def test_by_hand():
    human = ["first", "first", "second", "second", "first"]
    given = ["first", "first", "first", "second", None]
    # swapped: "second" shown second is the given first, and so on
    swapped = ["second", "first", "first", "first", None]
    # in the given order these are: first, second, second, second, None
    assert preference_agreement(human, given, swapped) == PreferenceAgreement(
        n=5,
        as_given=3 / 5,  # pairs 0, 1, 3
        swapped=3 / 5,  # pairs 0, 2, 3
        agreement=6 / 10,
        consistent=2 / 5,  # pairs 0, 3; two unparsed answers are no agreement
        robust=2 / 5,
        position_bias=pytest.approx(6 / 8 - 0.5),  # "first" was said 3 + 3 times of 8
        unparsed=2,
    )


def test_consistently_wrong_is_not_robust():
    found = preference_agreement(["first"], ["second"], ["first"])
    assert (found.consistent, found.robust, found.agreement) == (1, 0, 0)


@pytest.mark.parametrize(("place", "bias"), [("first", 0.5), ("second", -0.5)])
def test_always_the_same_place_agrees_by_half_and_is_all_bias(place, bias):
    found = preference_agreement(["first", "second", "second"], [place] * 3, [place] * 3)
    assert (found.agreement, found.consistent, found.robust) == (0.5, 0, 0)
    assert found.position_bias == bias


def test_unparsed_answers_agree_with_nobody():
    found = preference_agreement(["first"], [None], [None])
    assert found == PreferenceAgreement(1, 0, 0, 0, 0, 0, None, 2)


def test_no_pairs_are_undefined():
    assert preference_agreement([], [], []) is None


@QUICK
@given(ITEMS, st.randoms(use_true_random=False))
def test_order_and_doubling_do_not_matter(items, random):
    before = preference_agreement(*columns(items, 3))
    after = preference_agreement(*columns(random.sample(items, len(items)) * 2, 3))
    assert (after.n, after.unparsed) == (2 * before.n, 2 * before.unparsed)
    for name in ("agreement", "as_given", "swapped", "consistent", "robust", "position_bias"):
        assert getattr(after, name) == pytest.approx(getattr(before, name))


@QUICK
@given(ITEMS)
def test_bounds_and_the_other_order(items):
    human, given, swapped = columns(items, 3)
    found = preference_agreement(human, given, swapped)
    assert 0 <= found.robust <= min(found.as_given, found.swapped, found.consistent) <= 1
    assert found.agreement == pytest.approx((found.as_given + found.swapped) / 2)
    # Calling the swapped order the given one turns the human choice and changes nothing else.
    turned = preference_agreement([OTHER[h] for h in human], swapped, given)
    assert (turned.as_given, turned.swapped) == (found.swapped, found.as_given)
    assert (turned.consistent, turned.robust) == (found.consistent, found.robust)
    assert turned.position_bias == found.position_bias


@pytest.mark.parametrize(
    ("human", "given", "swapped", "sentence"),
    [
        (["first"], [], ["first"], "There are 1 human choices and 0 answers in the given order;"),
        (["first"], ["first"], [], "There are 1 human choices and 0 answers in the swapped order;"),
        ([None], ["first"], ["first"], "The human choices None .items 0,"),
        (["tie"], ["first"], ["first"], "The human choices tie .*labels first, second."),
        (["first"], ["A"], ["first"], "The answers in the given order A .items 0,"),
        (["first"], ["first"], ["B"], "The answers in the swapped order B .items 0,"),
    ],
)
def test_nonsense_is_refused(human, given, swapped, sentence):
    with pytest.raises(DataError, match=f"^{sentence}"):
        preference_agreement(human, given, swapped)
