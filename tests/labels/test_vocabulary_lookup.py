"""Looking words up: any way of writing them, at any level, in any language."""

import subprocess
import sys
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affect_llm.errors import ConfigError
from affect_llm.labels.affect_norms import affect_norm
from affect_llm.labels.canonical import canonical
from affect_llm.labels.emotion_words import EmotionVocabulary
from affect_llm.labels.emotion_words.table import LANGUAGES, word_table
from affect_llm.labels.emotion_words.vocabulary import Level
from affect_llm.labels.near_words import near_words
from affect_llm.labels.sets import SETS

LEVELS_OF = {
    "irritated": ("irritated", "annoyance", "anger", "anger", "anger", "anger", "annoyance"),
    "Gratitude": ("grateful", "gratitude", "affection", None, "joy", "trust", "gratitude"),
    "fear": ("fearful", "fear", "fear", "fear", "fear", "fear", "fear"),
    "WÜTEND": ("wütend", "anger", "anger", "anger", "anger", "anger", "anger"),
    "难过": ("难过", "sadness", "sadness", "sadness", "sadness", "sadness", "sadness"),
    "удивлён": ("удивлён", "surprise", "surprise", "surprise", "surprise", "surprise", "surprise"),
    "in-love": ("in love", "love", "affection", None, "joy", "joy", "love"),
}  # fmt: skip


@pytest.mark.parametrize("word", LEVELS_OF)
def test_groups_at_every_level(word: str) -> None:
    vocabulary = EmotionVocabulary.own()
    assert tuple(vocabulary.group(word, level) for level in get_args(Level)) == LEVELS_OF[word]


def test_unknown_words_have_no_group() -> None:
    assert EmotionVocabulary.own().group("zxqy", "family") is None
    assert EmotionVocabulary.own("en").group("wütend", "family") is None
    assert EmotionVocabulary.own().affect("zxqy") is None


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(ConfigError, match="Choose one of en, zh"):
        EmotionVocabulary.own("xx")


def test_a_level_is_a_grouping_with_name_and_version() -> None:
    grouping = EmotionVocabulary.own("en").at("inner")
    assert grouping.group("furious") == "anger"
    assert (grouping.name, grouping.version) == ("own-en-inner", "own-1")


@settings(deadline=None)
@given(st.data())
def test_case_and_hyphens_do_not_matter(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(LANGUAGES))
    written = data.draw(st.sampled_from(sorted(word_table(language))))
    vocabulary = EmotionVocabulary.own(language)
    for other in (written.upper(), written.replace(" ", "-"), f"  {written}\n"):
        if other.lower().strip() == written or " " in written:
            assert vocabulary.group(other, "family") == vocabulary.group(written, "family")


def test_labels_of_the_closed_sets_are_known() -> None:
    english = EmotionVocabulary.own("en")
    labels = {label for name, labels in SETS.items() for label in labels}
    unknown = {label for label in labels if english.word(label) is None}
    assert unknown <= {"positive", "negative", "other", "contradictory"}
    for name, level in (("goemotions28", "goemotions"), ("plutchik8", "plutchik")):
        assert [english.group(label, level) for label in SETS[name]] == list(SETS[name])
    for label in SETS["ekman7"]:
        assert english.group(label, "ekman") == label


def test_the_near_words_are_near() -> None:
    elsewhere = {"indifferent", "contemptuous", "composed"}
    for label in SETS["fer7"] + ("boredom", "calm"):
        for word in set(near_words(label)) - elsewhere:
            assert canonical(word) == canonical(label), word


def test_strong_words_lie_further_out() -> None:
    vocabulary = EmotionVocabulary.own("en")
    mild, plain, strong = (vocabulary.affect(w) or (0, 0) for w in ("peeved", "annoyed", "vexed"))
    assert abs(mild[0]) < abs(plain[0]) == abs(strong[0])
    assert (vocabulary.affect("furious") or (0, 0))[1] > (vocabulary.affect("angry") or (0, 0))[1]
    assert vocabulary.affect("elated") == (0.50, 0.42)


def test_priors_agree_with_the_norms_of_closed_sets() -> None:
    for label in SETS["goemotions28"]:
        prior, norm = EmotionVocabulary.own("en").affect(label), affect_norm(label)
        if prior is not None and norm is not None:
            assert max(abs(a - b) for a, b in zip(prior, norm, strict=True)) <= 0.35, label


@pytest.mark.parametrize(
    ("label", "emotion"),
    [("joy", "happiness"), (" Mad ", "anger"), ("furious", "anger"), ("愤怒", "anger"),
     ("shame", None), ("trust", None), ("zxqy", None)],
)  # fmt: skip
def test_canonical_names(label: str, emotion: str | None) -> None:
    assert canonical(label) == emotion


def test_importing_reads_no_table() -> None:
    code = (
        "from affect_llm.labels.canonical import canonical\n"
        "from affect_llm.labels.emotion_words.table import word_table\n"
        "print(word_table.cache_info().currsize); canonical('joy')\n"
        "print(word_table.cache_info().currsize)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["0", "1"]
