"""Every language's words: in one family each, written alike, placed where their family is."""

import unicodedata
from collections import Counter

import pytest

from affect_llm.labels.emotion_words import table
from affect_llm.labels.emotion_words.family import families
from affect_llm.labels.emotion_words.table import LANGUAGES, Form, plain, word_table
from affect_llm.labels.emotion_words.vocabulary import affect_of
from affect_llm.labels.sets import SETS

SIZES = {"en": (900, 2500)}
EKMAN_OF_GOEMOTIONS = {
    "anger": ("anger", "annoyance", "disapproval"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "joy": (
        "joy", "amusement", "approval", "excitement", "gratitude", "love", "optimism", "relief",
        "pride", "admiration", "desire", "caring",
    ),
    "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    "surprise": ("surprise", "realization", "confusion", "curiosity"),
    "neutral": ("neutral",),
}  # fmt: skip
NOWHERE = {
    "plutchik": {"neutrality", "seriousness"},
    "goemotions": {"calmness", "attention", "boredom", "fatigue", "indifference"},
}


@pytest.fixture(params=LANGUAGES)
def forms(request: pytest.FixtureRequest) -> dict[str, Form]:
    return dict(word_table(request.param))


def test_there_are_enough_words() -> None:
    for language in LANGUAGES:
        bases, written = SIZES.get(language, (250, 900))
        found = word_table(language)
        assert len(found) >= written, language
        assert len({form.word for form in found.values()}) >= bases, language


def test_a_base_word_is_in_one_family(forms: dict[str, Form]) -> None:
    words = {form.word for form in forms.values()}
    twice = [base for base, n in Counter(word.base for word in words).items() if n > 1]
    assert twice == []


def test_every_family_has_words_in_every_language(forms: dict[str, Form]) -> None:
    assert {form.word.family for form in forms.values()} == set(families())


def test_forms_are_lower_case_and_composed(forms: dict[str, Form]) -> None:
    for written, form in forms.items():
        assert written == plain(written) != ""
        assert unicodedata.is_normalized("NFC", written)
        assert not set(written) & set("|@_!?*^:-"), written
        assert forms[plain(form.word.base)].word == form.word


def test_a_form_under_two_words_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = {"words": {"anger": "mad: crazy\n", "love": "crazy:\n"}}
    monkeypatch.setattr(table, "read_yaml", lambda text: both)
    with pytest.raises(ValueError, match="'crazy' is under mad, crazy"):
        word_table.__wrapped__("en")


def test_groups_are_those_of_the_published_schemes() -> None:
    for family in families().values():
        assert family.ekman in SETS["ekman7"]
        assert family.plutchik in (*SETS["plutchik8"], None)
        assert family.goemotions in (*SETS["goemotions28"], None)
    assert {f.ekman for f in families().values()} == set(SETS["ekman7"])
    assert {f.plutchik for f in families().values()} - {None} == set(SETS["plutchik8"])
    assert {f.goemotions for f in families().values()} - {None} == set(SETS["goemotions28"])


@pytest.mark.parametrize("scheme", NOWHERE)
def test_only_known_families_have_no_group(scheme: str) -> None:
    without = {name for name, family in families().items() if getattr(family, scheme) is None}
    assert without == NOWHERE[scheme]


def test_ekman_groups_follow_goemotions() -> None:
    for family in families().values():
        if family.goemotions is not None and family.ekman is not None:
            group = EKMAN_OF_GOEMOTIONS[family.ekman]
            assert family.goemotions in group, family.name


def test_words_lie_in_their_familys_quadrant(forms: dict[str, Form]) -> None:
    for word in {form.word for form in forms.values()}:
        family = families()[word.family]
        for value, centre in zip(affect_of(word), (family.valence, family.arousal), strict=True):
            assert -1 <= value <= 1
            assert value * centre >= 0 or abs(value) <= 0.15, word.base
