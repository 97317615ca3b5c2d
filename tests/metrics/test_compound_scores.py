"""Compound emotions: every expected number is worked out by hand beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import QUICK, columns, rows

from affect_llm.errors import DataError
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.compound_classes import (
    BASIC,
    BASIC_OF,
    C_EXPR_7,
    FORMS,
    RAF_DB_11,
    compound,
    compound_class,
)
from affect_llm.metrics.compound_f1 import component_credits, compound_names
from affect_llm.metrics.confusion import confusion_matrix
from affect_llm.metrics.f1 import f1_per_label, macro_f1

HS, FS, SA = compound("happily surprised"), compound("fearfully surprised"), compound("sadly angry")
CLASSES = ("happily surprised", "fearfully surprised", "sadly angry")
GOLD = [HS, HS, FS, FS]
ANSWERS = [HS, FS, FS, None]
CLASS = st.sampled_from(C_EXPR_7).map(compound)
ANSWER = st.one_of(
    st.none(), st.sets(st.sampled_from(BASIC), min_size=1, max_size=2).map(frozenset)
)
ITEMS = rows(CLASS, ANSWER, least=1)


def compound_counts(gold, predicted, classes=C_EXPR_7):
    return confusion_matrix(*compound_names(gold, predicted, classes), classes)


@pytest.mark.parametrize(
    "text",
    [
        "happily surprised", "Happily Surprised", "happily-surprised", "surprise, happiness",
        "joy+surprised", "happy and surprised", "HAPPINESS_SURPRISE", "['happy', 'surprised']",
    ],
)  # fmt: skip
def test_one_pair_in_many_spellings(text):
    assert compound(text) == {"happiness", "surprise"}


@pytest.mark.parametrize(("basic", "forms"), FORMS.items())
def test_every_form_is_its_basic_emotion(basic, forms):
    assert {BASIC_OF[form] for form in (basic, *forms)} == {basic}
    assert compound(basic) == {basic}


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("", "surprise."),
        ("and", "surprise."),
        ("happily sadly angry", "surprise."),
        ("happily bored", "surprise: bored is none of them or their forms."),
        ("very bored", "surprise: very, bored is none of them or their forms."),
    ],
)
def test_what_is_no_compound_is_refused(text, ending):
    with pytest.raises(DataError) as caught:
        compound(text)
    basic = "anger, disgust, fear, happiness, sadness, surprise"
    start = f"'{text}' is not a compound of one or two of {basic}"
    assert str(caught.value) == start + ending.removeprefix("surprise")


def test_the_published_classes():
    for classes, count in ((C_EXPR_7, 7), (RAF_DB_11, 11)):
        assert len({compound(name) for name in classes}) == len(classes) == count
        assert all(len(compound(name)) == 2 for name in classes)
    assert {compound(name) for name in C_EXPR_7} < {compound(name) for name in RAF_DB_11}


def test_classes_by_pair():
    assert compound_class(compound("surprise, fear"), CLASSES) == "fearfully surprised"
    assert compound_class(compound("happily disgusted"), CLASSES) is None
    assert compound_class(None, CLASSES) is None


def test_classes_that_name_one_pair_are_refused():
    with pytest.raises(DataError) as caught:
        compound_class(HS, ["sadly angry", "angrily sad"])
    assert str(caught.value) == "Two of the classes sadly angry, angrily sad name the same pair."


def test_counts_and_the_challenge_number_by_hand():
    counts = compound_counts(GOLD, ANSWERS, CLASSES)
    assert counts.tolist() == [[1, 1, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0]]
    # HS: TP 1, FN 1 -> 2/3;  FS: TP 1, FN 1, FP 1 -> 1/2;  SA never
    assert f1_per_label(counts) == [pytest.approx(2 / 3), 0.5, None]
    assert macro_f1(counts) == pytest.approx(7 / 12)
    assert macro_f1(counts, undefined=0) == pytest.approx(7 / 18)
    assert accuracy(counts) == 0.5


def test_an_answer_outside_the_classes_is_wrong():
    counts = compound_counts([HS], [compound("happy")], CLASSES)
    assert counts.tolist() == [[0, 0, 0, 1], [0] * 4, [0] * 4]


def test_the_challenge_classes_are_the_default():
    assert compound_counts([HS], [HS]).shape == (7, 8)
    assert compound_names([HS, FS], [compound("angry"), FS]) == (
        ["happily surprised", "fearfully surprised"],
        [None, "fearfully surprised"],
    )


def test_component_credit_by_hand():
    # both; one of two; a single right half: 2 * 1 / 3; a single wrong one; nothing
    answers = [HS, FS, compound("happy"), compound("sad"), None]
    found = component_credits([HS] * 5, answers)
    assert found.tolist() == pytest.approx([1, 0.5, 2 / 3, 0, 0])


def test_no_items_have_no_credit():
    assert component_credits([], []).tolist() == []
    assert macro_f1(compound_counts([], [])) is None


@QUICK
@given(ITEMS, st.randoms(use_true_random=False))
def test_order_doubling_and_the_order_of_classes_do_not_matter(items, random):
    shuffled = random.sample(items, len(items)) * 2
    before = compound_counts(*columns(items, 2))
    after = compound_counts(*columns(shuffled, 2), random.sample(C_EXPR_7, 7))
    assert macro_f1(after) == pytest.approx(macro_f1(before), abs=1e-12)
    credits = (component_credits(*columns(i, 2)).mean() for i in (items, shuffled))
    assert next(credits) == pytest.approx(next(credits), abs=1e-12)


@QUICK
@given(ITEMS)
def test_an_exact_answer_has_full_credit_and_any_other_less(items):
    gold, answers = columns(items, 2)
    for pair, answer, credit in zip(gold, answers, component_credits(gold, answers), strict=True):
        assert 0 <= credit <= 1
        assert (credit == 1) == (pair == answer)
    assert (
        accuracy(compound_counts(gold, answers)) <= component_credits(gold, answers).mean() + 1e-12
    )


def test_nonsense_is_refused():
    with pytest.raises(DataError, match=r"^There are 1 gold pairs and 0 answers;"):
        compound_counts([HS], [])
    with pytest.raises(DataError, match=r"^There are 1 gold pairs and 0 answers;"):
        component_credits([HS], [])
    with pytest.raises(DataError) as caught:
        compound_counts([HS, compound("happy")], [HS, HS], CLASSES)
    assert str(caught.value) == (
        "The gold pairs of items 1 (counted from 0) are none of the classes happily surprised, "
        "fearfully surprised, sadly angry."
    )
    with pytest.raises(DataError) as caught:
        component_credits([HS, frozenset()], [HS, HS])
    assert str(caught.value) == "The gold pairs of items 1 (counted from 0) are empty."
