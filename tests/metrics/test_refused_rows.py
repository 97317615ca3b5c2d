"""The sentences say which items make no sense."""

import numpy as np
import pytest

from affect_llm.errors import DataError
from affect_llm.metrics.rows import (
    different,
    finite,
    finite_pairs,
    flags,
    known,
    listed,
    same_length,
    shares,
)


@pytest.mark.parametrize(
    ("items", "words"),
    [([], ""), ([4], "4"), (range(5), "0, 1, 2, 3, 4"), (range(7), "0, 1, 2, 3, 4 and 2 more")],
)
def test_the_first_items_are_named(items, words):
    assert listed(items) == words


def test_rows_of_one_length_pass():
    same_length([1], "cats", [2], "dogs")


def test_lengths_are_named():
    with pytest.raises(DataError) as caught:
        same_length([1], "cats", [], "dogs")
    assert str(caught.value) == "There are 1 cats and 0 dogs; each item needs one of both."


def test_numbers_become_an_array_of_doubles():
    assert finite([1, 2], "values").dtype == np.float64
    assert finite(np.array([1, 2], np.float32), "values").dtype == np.float64
    assert finite([], "values").shape == (0,)


@pytest.mark.parametrize(
    "values", [[0.0, float("nan")], [0.0, None], [0.0, float("inf")], [0.0, -float("inf")]]
)
def test_numbers_that_are_not_finite_are_named(values):
    with pytest.raises(DataError) as caught:
        finite(values, "values")
    assert str(caught.value) == (
        "The values must be finite numbers; items 1 (counted from 0) are missing, NaN or "
        "infinite: leave them out and report how many."
    )


@pytest.mark.parametrize("values", [["a"], [object()], [[1], [1, 2]]])
def test_what_is_no_number_is_refused(values):
    with pytest.raises(DataError) as caught:
        finite(values, "values")
    assert str(caught.value) == "The values must be numbers, one per item."


def test_a_table_is_refused():
    with pytest.raises(DataError) as caught:
        finite([[1.0, 2.0]], "values")
    assert str(caught.value) == "The values must be one number per item, not a 2-d table."


def test_pairs_are_refused_by_their_name():
    gold, predicted = finite_pairs([1, 2], [3, 4])
    assert (gold.tolist(), predicted.tolist()) == ([1, 2], [3, 4])
    with pytest.raises(DataError, match=r"^The gold values must be finite"):
        finite_pairs([float("nan")], [1])
    with pytest.raises(DataError, match=r"^The predictions must be finite"):
        finite_pairs([1], [float("nan")])
    with pytest.raises(DataError, match=r"^There are 1 gold values and 2 predictions;"):
        finite_pairs([1], [1, 2])


def test_shares_may_be_zero_and_one():
    assert shares([0, 0.5, 1], "shares").tolist() == [0, 0.5, 1]


def test_shares_outside_are_named():
    with pytest.raises(DataError) as caught:
        shares([0.5, -0.1, 1.1], "shares")
    assert str(caught.value) == (
        "The shares must lie between 0 and 1; items 1, 2 (counted from 0) do not."
    )
    with pytest.raises(DataError, match=r"^The shares must be finite"):
        shares([float("nan")], "shares")


def test_yes_and_no_may_be_1_and_0():
    for values in ([True, False], [1, 0], [np.True_, np.float64(0)], np.array([True, False])):
        found = flags(values, "outcomes")
        assert (found.tolist(), found.dtype) == ([True, False], np.bool_)


@pytest.mark.parametrize("value", [None, float("nan"), 2, "yes", 0.5])
def test_what_is_neither_yes_nor_no_is_named(value):
    with pytest.raises(DataError) as caught:
        flags([True, value], "outcomes")
    assert str(caught.value) == (
        "The outcomes must be true or false; items 1 (counted from 0) are not."
    )


def test_repeated_labels_are_named():
    different(["a", "b"])
    with pytest.raises(DataError) as caught:
        different(["b", "a", "b", "a"])
    assert str(caught.value) == "The label set names a, b more than once."


def test_unknown_labels_are_named_with_their_items():
    known(["a", "b", "a"], "ab", "answers")
    with pytest.raises(DataError) as caught:
        known(["a", "y", "x", "y"], "ab", "answers")
    assert str(caught.value) == (
        "The answers x, y (items 1, 2, 3, counted from 0) are not among the labels a, b."
    )


def test_many_unknown_labels_are_cut():
    with pytest.raises(DataError, match=r"answers c, d, e, f, g .items 0, 1, 2, 3, 4 and 1 more,"):
        known("cdefgh", "ab", "answers")


def test_only_answers_may_be_missing():
    known(["a", None], "ab", "answers", unanswered=True)
    with pytest.raises(DataError, match=r"answers None .items 1,"):
        known(["a", None], "ab", "answers")
