"""The set-level metric of EMER-V2 and MER2024, and its parser of a judge's groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affect_llm.metrics.set_level import parse_groups, set_level_scores


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


@pytest.mark.parametrize(
    ("gold", "predicted", "reply", "scores"),
    [
        # groups {happy, joyful}, {sad}: G {happy, sad}, P {happy, odd}
        ("[Happy, sad]", "joyful, odd", "[['happy', 'joyful'], ['sad']]", (1 / 2, 1 / 2)),
        # no group helps: G {calm}, P {angry, calm}
        (["calm"], "angry, calm", "[]", (1 / 2, 1.0)),
        ("tired", "", "[['tired']]", (0.0, 0.0)),  # nothing predicted
        ("[]", "happy", "[['happy']]", None),  # nothing in the gold
        ("", "", "", (0.0, 0.0)),
        # a later group overwrites an earlier one
        ("sad", "calm", "[['happy', 'calm'], ['sad', 'calm']]", (1.0, 1.0)),
    ],
)
def test_worked_by_hand(gold, predicted, reply, scores):
    assert set_level_scores(gold, predicted, reply) == scores


@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1), max_size=4))
def test_printed_groups_come_back(groups):
    assert parse_groups(str(groups)) == groups


@given(
    st.sets(st.sampled_from("abcd"), min_size=1),
    st.sets(st.sampled_from("abcd")),
)
def test_order_case_and_repeats_do_not_matter(gold, predicted):
    def plain(labels):
        return str(sorted(labels))

    def mixed(labels):
        return ", ".join(sorted(labels, reverse=True) + [x.upper() for x in labels])

    reply = "[['a', 'b'], ['c']]"
    scores = set_level_scores(plain(gold), plain(predicted), reply)
    assert set_level_scores(mixed(gold), mixed(predicted), reply) == scores
