"""Label strings: the published rules to the letter, and what was meant."""

import math

import numpy as np
import pytest
import slow_wheel_rules
from hypothesis import given
from hypothesis import strategies as st

from affect_llm.errors import DataError
from affect_llm.metrics.open_set import parse_labels


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("[happy, sad]", ["happy", "sad"]),
        ("['happy', \"sad\"]", ["happy", "sad"]),
        ("happy,sad", ["happy", "sad"]),
        ("[happy, sad].", ["happy", "sad]."]),
        (" [happy]", ["[happy"]),
        ("[happy] ", ["happy]"]),
        ("[[happy]]", ["[happy]"]),
        ("don't care", ["don", "t care"]),
        ("don’t care", ["don’t care"]),
        ("happy; sad", ["happy; sad"]),
        ("happy，sad、angry；calm", ["happy，sad、angry；calm"]),
        ("高兴, 难过", ["高兴", "难过"]),
        ("Happy,  SAD ", ["Happy", "SAD"]),
        ("happy and sad", ["happy and sad"]),
        (",,''\"\" ,", []),
        ("", []),
        ("[]", []),
        ("]", []),
        ("[", []),  # an IndexError in the published code
        (None, []),
        (math.nan, []),
        (np.float64("nan"), []),
        ([" Happy ", "sad"], [" Happy ", "sad"]),
        ([], []),
        (np.array(["happy", "sad "]), ["happy", "sad "]),
        (np.array("[happy, sad]"), ["happy", "sad"]),
        (np.str_("[happy]"), ["happy"]),
    ],
)
def test_official_rules(text, labels):
    assert parse_labels(text, "official") == labels


def test_an_official_list_is_the_very_list():
    labels = [" untrimmed "]
    assert parse_labels(labels) is labels


@given(st.text(alphabet="[]',\" ab;，", max_size=12))
def test_official_rules_agree_with_the_slow_ones(text):
    assert parse_labels(text) == slow_wheel_rules.split_labels(text)


@pytest.mark.parametrize("rules", ["official", "robust"])
@pytest.mark.parametrize("value", [3, 2.5, {"a": 1}, ("happy",), b"happy", True])
def test_what_is_no_label_string_is_refused(value, rules):
    with pytest.raises(DataError, match="Labels are a string"):
        parse_labels(value, rules)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("[happy, sad].", ["happy", "sad"]),
        ('["happy", "sad"]', ["happy", "sad"]),
        ("['don't care', 'sad']", ["don't care", "sad"]),
        ('["don\'t care"]', ["don't care"]),
        ("don’t care; sad", ["don’t care", "sad"]),
        ("［happy，sad］", ["happy", "sad"]),
        ("高兴、难过；生气。", ["高兴", "难过", "生气"]),
        ("happy, sad, and angry", ["happy", "sad", "angry"]),
        ("happy and sad", ["happy", "sad"]),
        ("brand new", ["brand new"]),
        ("Happy & Sad", ["Happy", "Sad"]),
        ("sad/angry | tired", ["sad", "angry", "tired"]),
        ("The labels are: [happy, sad], I think", ["happy", "sad"]),
        ("1. happy\n2. sad", ["happy", "sad"]),
        ("- happy\n- sad\n", ["happy", "sad"]),
        ("[['happy', 'glad'], ['sad']]", ["happy", "glad", "sad"]),
        ("“happy”, ‘sad’", ["happy", "sad"]),
        ("**happy**", ["happy"]),
        ("[", []),
        ("", []),
        (None, []),
        (math.nan, []),
        ([" happy ", "sad, angry"], ["happy", "sad", "angry"]),
        ("happy, happy", ["happy", "happy"]),
    ],
)
def test_robust_rules(text, labels):
    assert parse_labels(text, "robust") == labels


@given(st.lists(st.sampled_from(["happy", "don't care", "not good enough", "难过"]), max_size=5))
def test_robust_rules_undo_printing(labels):
    assert parse_labels(str(labels), "robust") == labels
    assert parse_labels("; ".join(labels), "robust") == labels
