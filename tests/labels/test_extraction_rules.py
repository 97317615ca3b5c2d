"""What the rules keep and set aside, and that a text is read whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affect_llm.errors import ConfigError
from affect_llm.labels.emotion_words.table import LANGUAGES, word_table
from affect_llm.labels.extraction import extract_labels
from affect_llm.labels.extraction.rule_book import rule_book

ASSERTED = {
    "en": "She looks {}.", "zh": "她感到{}。", "de": "Sie wirkt {}.", "fr": "Elle semble {}.",
    "es": "Ella parece {}.", "pt": "Ela parece {}.", "it": "Lei sembra {}.",
    "ru": "Она выглядит {}.",
}  # fmt: skip
DENIED = {
    "en": "She isn’t {}.", "zh": "她没有{}。", "de": "Sie ist nicht {}.",
    "fr": "Elle n’est pas {}.", "es": "No está {}.", "pt": "Não está {}.", "it": "Non è {}.",
    "ru": "Она не {}.",
}  # fmt: skip
DENYING_THEMSELVES = {"without emotion", "sans émotion", "sans espoir", "安全感", "情绪低落"}


def reasons(text: str) -> dict[str, str]:
    return {found.text: found.reason for found in extract_labels(text).set_aside}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_can_be_asserted_and_denied(language: str) -> None:
    glue = "" if language == "zh" else " "
    for written, form in sorted(word_table(language).items(), key=str)[::3]:
        word = written.replace(" ", glue)
        if form.causes or written.endswith(" down") or written == "down":
            continue
        assert form.word.base in extract_labels(ASSERTED[language].format(word), language).words
        if written not in DENYING_THEMSELVES:
            assert extract_labels(DENIED[language].format(word), language).words == (), word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He is not angry.", {"angry": "negated"}),
        ("She is more sad than angry.", {"angry": "compared"}),
        ("He seems happy but is actually anxious.", {"happy": "appearance"}),
        ("If she were sad, she would cry.", {"sad": "hypothetical"}),
        ("Is he afraid?", {"afraid": "question"}),
        ("He tells her not to be sad.", {"sad": "told"}),
        ("She used to be happy.", {"happy": "past"}),
        ("The viewers are surprised.", {"surprised": "other"}),
        ("A sad song is playing.", {"sad": "thing"}),
        ("The noise is annoying.", {"annoying": "thing"}),
        ("I'm afraid that he left.", {"afraid": "idiom"}),
        ("She wears a blue shirt.", {"blue": "idiom"}),
    ],
)
def test_reasons(text: str, expected: dict[str, str]) -> None:
    assert reasons(text) == expected
    assert not set(expected) & {label.text for label in extract_labels(text).labels}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He finds the noise annoying.", ("annoyed",)),
        ("She is sad, isn't she?", ("sad",)),
        ("He looks as if he were angry.", ("angry",)),
        ("The favourite is Sad-Face: she is sad。", ("sad",)),
        ("Er ist wu\u0308tend.", ("wütend",)),
        ("He is not sad and slightly nervous.", ("nervous",)),
        ("She isn't angry; HE IS ANGRY!", ("angry",)),
        ("她很生气！But he is happy.", ("生气", "happy")),
    ],
)
def test_what_counts(text: str, words: tuple[str, ...]) -> None:
    assert extract_labels(text).words == words


@pytest.mark.parametrize(
    ("text", "words", "unknown"),
    [
        ("['worried', 'in love', 'zxqy']", ("worried", "in love"), ("zxqy",)),
        ('{"label": "joy", "open_labels": ["blue"], "explanation": [{"text": "He is sad."}]}',
         ("joyful", "blue"), ()),
        ("愤怒、悲伤，开心", ("愤怒", "悲伤", "开心"), ()),
        ("happy; wütend / triste", ("happy", "wütend", "triste"), ()),
        ("Emotions: annoying, not sad and a bit nervous", ("annoyed", "nervous"), ()),
        ("[]", (), ()),
        ("{}", (), ()),
        ("[[[", (), ()),
        ("", (), ()),
        ("Angry", ("angry",), ()),
    ],
)  # fmt: skip
def test_lists(text: str, words: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    found = extract_labels(text)
    assert (found.words, found.unknown) == (words, unknown)


def test_strength_follows_the_words() -> None:
    said = ("slightly angry", "angry", "extremely angry")
    mild, plain, strong = (extract_labels(f"He is {w}.").labels[0].strength for w in said)
    guessed = extract_labels("He may be angry.").labels[0].strength
    assert 0 < mild < plain < strong <= 1
    assert guessed < plain < extract_labels("He is furious.").labels[0].strength


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ConfigError, match="'xx'"):
        extract_labels("He is sad.", "xx")


def test_a_rule_file_with_an_unknown_reason_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    document = {"terms": {}, "aside": {"dreamt": ["(?P<no>E+)"]}}
    monkeypatch.setattr("affect_llm.labels.extraction.rule_book.read_yaml", lambda text: document)
    with pytest.raises(ValueError, match="dreamt"):
        rule_book.__wrapped__("en")


def test_an_endless_sentence_is_read_in_linear_time() -> None:
    found = extract_labels("if she is not sad and he looks angry, " * 1000, "en")
    assert len(found.labels) + len(found.set_aside) == 2000


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200), st.sampled_from((None, *LANGUAGES)))
def test_any_text_is_read(text: str, language: str | None) -> None:
    found = extract_labels(text, language)
    assert found == extract_labels(text, language)
    places = [(m.start, m.end) for m in (*found.labels, *found.set_aside)]
    assert len(set(places)) == len(places)
    for mention in (*found.labels, *found.set_aside):
        assert found.text[mention.start : mention.end] == mention.text != ""


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(sorted(word_table("en"))), min_size=2, max_size=6, unique=True))
def test_a_printed_list_gives_back_its_words(words: list[str]) -> None:
    found = extract_labels(str(words), "en")
    assert [label.text for label in found.labels] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("她不再孤独，感到很感激。", ("感激",)),
        ("他没有生气，觉得很满意。", ("满意",)),
        ("他不害怕，很高兴。", ("高兴",)),
        ("他没有愤怒、悲伤或恐惧。", ()),
    ],
)
def test_in_chinese_a_negation_ends_where_a_new_clause_begins(
    text: str, words: tuple[str, ...]
) -> None:
    assert extract_labels(text, "zh").words == words
