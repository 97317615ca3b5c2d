"""Hard sentences, half of them never looked at while the rules were tuned."""

from collections import Counter

from extraction_cases import cases, micro_f1

from affect_llm.labels.extraction import extract_labels

HARD, FRESH = "hard_cases.yaml", "fresh_cases.yaml"
ENOUGH = 0.95


def test_there_are_two_hundred_in_five_languages() -> None:
    languages = Counter(case.language for case in cases(HARD))
    assert languages.total() == 200
    assert len(languages) == 5
    assert min(languages.values()) >= 20
    assert 80 <= sum(case.aside for case in cases(HARD)) <= 120


def test_those_developed_on() -> None:
    assert micro_f1(case for case in cases(HARD) if not case.aside) >= ENOUGH


def test_those_kept_aside() -> None:
    assert micro_f1(case for case in cases(HARD) if case.aside) >= ENOUGH


def test_those_written_afterwards() -> None:
    assert len(cases(FRESH)) == 60
    assert micro_f1(cases(FRESH)) >= ENOUGH


def test_the_language_is_told_from_the_text() -> None:
    told = [extract_labels(case.text).language == case.language for case in cases(HARD)]
    assert sum(told) >= 0.98 * len(told)


def test_naming_every_word_would_fail() -> None:
    naive = wrong = missed = 0
    for case in cases(HARD):
        found = extract_labels(case.text)
        named = {m.word.base for m in (*found.labels, *found.set_aside)}
        naive += len(named & case.gold)
        wrong += len(named - case.gold)
        missed += len(case.gold - named)
    assert 2 * naive / (2 * naive + wrong + missed) < 0.75
