"""Label probabilities from listed alternatives, worked out by hand."""

import math

import pytest

from affect_llm.reasoners.served.listed_labels import ListedToken, listed_logprobs

PREFIX = '{"label":"'
LABELS = ("joy", "sadness", "anger")


def sure(*texts: str) -> list[ListedToken]:
    return [ListedToken(text, {text: 1.0}) for text in texts]


def probabilities(
    tokens: list[ListedToken], labels: tuple[str, ...] = LABELS
) -> dict[str, float] | None:
    found = listed_logprobs(tokens, labels, PREFIX)
    return None if found is None else {label: math.exp(value) for label, value in found.items()}


def test_each_label_begins_with_a_token_of_its_own() -> None:
    at = ListedToken("joy", {"joy": 0.7, "sad": 0.2, "ang": 0.1})
    told = probabilities([*sure('{"', "label", '":"'), at, *sure('","valence":0}')])
    assert told == pytest.approx({"joy": 0.7, "sadness": 0.2, "anger": 0.1})


def test_words_that_are_no_label_do_not_count() -> None:
    # Of the 0.5 that the labels have, joy has 0.4: 0.8. The unlisted 0.002 is under 1 % of 0.5.
    at = ListedToken("joy", {"joy": 0.4, "happy": 0.498, "sad": 0.06, "anger": 0.04})
    told = probabilities([*sure('{"label":"'), at])
    assert told == pytest.approx({"joy": 0.8, "sadness": 0.12, "anger": 0.08})


def test_blanks_and_merged_quotes() -> None:
    at = ListedToken(' "joy', {' "joy': 0.75, ' "s': 0.15, ' "anger': 0.1, " ": 0.0})
    told = probabilities([*sure("{\n ", ' "label"', " :"), at, *sure('"}')])
    assert told == pytest.approx({"joy": 0.75, "sadness": 0.15, "anger": 0.1})


def test_a_token_that_spells_the_end_too() -> None:
    at = ListedToken('joy","', {'joy","': 0.6, 'joy"': 0.1, "sad": 0.2, "anger": 0.1})
    told = probabilities([*sure('{"label":"'), at])
    assert told == pytest.approx({"joy": 0.7, "sadness": 0.2, "anger": 0.1})


def test_labels_that_begin_alike_are_not_told_apart() -> None:
    at = ListedToken("joy", {"joy": 0.8, "sad": 0.2})
    assert probabilities([*sure('{"label":"'), at], ("joy", "joyful", "sadness")) is None
    # Were the shared beginning hardly ever said, the rest could be told.
    rare = ListedToken("sad", {"joy": 0.004, "sad": 0.7, "ang": 0.296})
    told = probabilities([*sure('{"label":"'), rare], ("joy", "joyful", "sadness", "anger"))
    assert told is not None
    assert told["sadness"] == pytest.approx(0.7, abs=0.01)


def test_a_list_that_leaves_too_much_unsaid() -> None:
    at = ListedToken("joy", {"joy": 0.6, "sad": 0.3})
    assert probabilities([*sure('{"label":"'), at]) is None


def test_labels_that_are_not_listed_share_what_is_unsaid() -> None:
    at = ListedToken("joy", {"joy": 0.9, "sad": 0.094})
    told = probabilities([*sure('{"label":"'), at])
    assert told == pytest.approx({"joy": 0.9, "sadness": 0.094, "anger": 0.006})
    certain = probabilities([*sure('{"label":"', "joy")])
    assert certain is not None
    assert 0 < certain["anger"] < 1e-8
    assert sum(certain.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    "tokens", [[], sure("I feel"), sure('{"label":"'), sure('{"mood":"', "joy")]
)
def test_no_label_no_probability(tokens: list[ListedToken]) -> None:
    assert probabilities(tokens) is None
