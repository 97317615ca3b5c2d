"""Sentiment weighted F1 by the published rules, oddities included."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affect_llm.errors import DataError
from affect_llm.metrics.sentiment_f1 import sentiment_value, sentiment_weighted_f1

REPLIES = ["positive", "negative", "neutral", "Positive", "positive.", "", None]


def clips(values):
    return {f"clip_{i}": value for i, value in enumerate(values)}


@pytest.mark.parametrize(
    ("reply", "value"),
    [("positive", 1), ("negative", -1), ("neutral", 0)]
    + [(odd, 0) for odd in ("Positive", "positive.", " positive", "very positive", "", None, 1)],
)
def test_only_the_exact_words_count(reply, value):
    assert sentiment_value(reply) == value


def test_worked_by_hand():
    """Gold + + - - -; answers + neutral - unread +, so predicted + - - - +.

    Positive: TP 1, FP 1, FN 1, F 1/2. Negative: TP 2, FP 1, FN 1, F 2/3. Weighted by 2 and 3:
    (2 * 1/2 + 3 * 2/3) / 5 = 3/5. Accuracy 3/5.
    """
    gold = clips([0.4, 2, -1, -0.2, -3, 0])
    said = clips(["positive", "neutral", "negative", "Negative", "positive", "positive"])
    score = sentiment_weighted_f1(gold, said)
    assert score.weighted_f1 == pytest.approx(3 / 5)
    assert score.accuracy == pytest.approx(3 / 5)
    assert (score.n, score.neutral, score.unread) == (5, 1, 1)
    assert score.skipped == {"gold is 0": 1}


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from([-2.0, -0.5, 0.0, 0.5, 1]), st.sampled_from(REPLIES)),
        min_size=1,
        max_size=30,
    ).filter(lambda rows: any(gold for gold, _ in rows))
)
def test_equal_to_sklearn_on_the_published_arrays(rows):
    from sklearn.metrics import accuracy_score, f1_score

    gold = np.array([gold for gold, _ in rows])
    said = np.array([sentiment_value(reply) for _, reply in rows])
    kept = gold != 0
    score = sentiment_weighted_f1(clips(gold.tolist()), clips([reply for _, reply in rows]))
    true, guess = gold[kept] > 0, said[kept] > 0
    assert score.weighted_f1 == f1_score(true, guess, average="weighted")
    assert score.accuracy == accuracy_score(true, guess)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from([-1.0, 1.0]), st.sampled_from(REPLIES)), min_size=1, max_size=9
    ),
    st.randoms(),
)
def test_order_does_not_matter_and_doubling_every_clip_changes_nothing(rows, random):
    def score(rows):
        return sentiment_weighted_f1(clips([g for g, _ in rows]), clips([r for _, r in rows]))

    mixed = random.sample(rows, len(rows))
    assert score(mixed) == score(rows)
    assert score(rows * 2).weighted_f1 == pytest.approx(score(rows).weighted_f1)


def test_gold_of_zeros_has_no_value():
    score = sentiment_weighted_f1(clips([0, 0.0]), clips(["positive", "neutral"]))
    assert (score.weighted_f1, score.accuracy, score.n) == (None, None, 0)


def test_numbers_count_by_their_sign():
    score = sentiment_weighted_f1(clips([1, 1, -1, -1]), clips([0.2, 0, -3.0, math.nan]))
    assert score.accuracy == 0.75
    assert (score.neutral, score.unread) == (1, 1)


@pytest.mark.parametrize("value", [math.nan, math.inf, None, "positive"])
def test_gold_that_is_no_number_is_refused_by_name(value):
    with pytest.raises(DataError, match="gold sentiment of clip_1 is"):
        sentiment_weighted_f1(clips([1, value]), clips(["positive", "positive"]))


def test_missing_replies_are_refused_and_empty_ones_counted_as_unread():
    gold = clips([1, -1])
    with pytest.raises(DataError, match="1 of 2 clips have no prediction: clip_1"):
        sentiment_weighted_f1(gold, clips(["positive"]))
    score = sentiment_weighted_f1(gold, clips(["positive", None]))
    assert (score.accuracy, score.unread) == (1.0, 1)
    with pytest.raises(DataError, match="no clips"):
        sentiment_weighted_f1({}, {})
