"""The set-level metric of EMER-V2 and MER2024, and its parser of a judge's groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affect_llm.errors import DataError
from affect_llm.metrics.set_level import parse_groups, set_level_score


@pytest.mark.parametrize(
    ("reply", "groups"),
    [
        ("[['happy', 'joyful'], ['sad']]", [["happy", "joyful"], ["sad"]]),
        ('[["happy"], ["sad", "low"]]', [["happy"], ["sad", "low"]]),
        ("['happy', 'sad']", [["happy", "sad"]]),
        ("[happy, joyful], [sad]", [["happy, joyful"], ["sad"]]),  # unquoted: one word each
        ("[[' happy ', 'sad']]", [[" happy ", "sad"]]),  # words are not trimmed
        ("Groups: [['happy']]", [["Groups: "], ["happy"]]),
        ("[['don't']]", [["don", "t"]]),
        ("[[], [ ], ['']]", [[]]),
        ("", []),
        (", ,", [[", ,"]]),
        (" , ", []),
    ],
)
def test_groups_are_read_to_the_letter(reply, groups):
    assert parse_groups(reply) == groups


def test_worked_by_hand():
    """a: groups {happy, joyful}, {sad}: G {happy, sad}, P {happy, odd}: 1/2 and 1/2.
    b: no group helps: G {calm}, P {angry, calm}: 1/2 and 1. c: nothing predicted: 0 and 0.
    """
    gold = {"a": "[Happy, sad]", "b": ["calm"], "c": "tired", "d": "tired", "e": "[]"}
    said = {"a": "joyful, odd", "b": "angry, calm", "c": "", "d": "tired", "e": "happy"}
    replies = {
        "a": "[['happy', 'joyful'], ['sad']]",
        "b": "[]",
        "c": "[['tired']]",
        "e": "[['happy']]",
    }
    score = set_level_score(gold, said, replies)
    assert score.accuracy == pytest.approx(1 / 3)
    assert score.recall == pytest.approx(1 / 2)
    assert score.score == pytest.approx(5 / 12)
    assert score.n == 3
    assert score.skipped == {"no grouping reply": 1, "no gold labels": 1}


def test_a_later_group_overwrites_an_earlier_one():
    replies = {"a": "[['happy', 'calm'], ['sad', 'calm']]"}
    score = set_level_score({"a": "sad"}, {"a": "calm"}, replies)
    assert (score.accuracy, score.recall) == (1.0, 1.0)


def test_nothing_predicted_and_nothing_in_the_gold_is_zero():
    score = set_level_score({"a": ""}, {"a": ""}, {"a": ""})
    assert (score.accuracy, score.n) == (0.0, 1)


def test_without_replies_there_is_no_score():
    score = set_level_score({"a": "sad"}, {"a": "sad"}, {})
    assert (score.accuracy, score.recall, score.score, score.n) == (None, None, None, 0)


def test_missing_predictions_are_refused_or_counted_as_empty():
    gold, replies = {"a": "sad", "b": "sad"}, {"a": "", "b": ""}
    with pytest.raises(DataError, match="1 of 2 clips have no prediction: b"):
        set_level_score(gold, {"a": "sad"}, replies)
    assert set_level_score(gold, {"a": "sad"}, replies, missing="empty").accuracy == 0.5


@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1), max_size=4))
def test_printed_groups_come_back(groups):
    assert parse_groups(str(groups)) == groups


@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from("abcd"), min_size=1), st.sets(st.sampled_from("abcd"))),
        min_size=1,
        max_size=6,
    ),
    st.randoms(),
)
def test_order_case_and_repeats_do_not_matter(pairs, random):
    def score(rows, write):
        gold = {str(i): write(g) for i, (g, _) in rows}
        said = {str(i): write(p) for i, (_, p) in rows}
        return set_level_score(gold, said, dict.fromkeys(gold, "[['a', 'b'], ['c']]"))

    rows = list(enumerate(pairs))
    plain = score(rows, lambda labels: str(sorted(labels)))
    mixed = score(
        random.sample(rows, len(rows)),
        lambda labels: ", ".join(sorted(labels, reverse=True) + [x.upper() for x in labels]),
    )
    assert (mixed.accuracy, mixed.recall) == pytest.approx((plain.accuracy, plain.recall))
