"""The real word tables, where they lie beside the project: thousands of outputs, no difference.

Every known form and thousands of label sets are held against `slow_wheel_rules`, a second writing
of the published rules; the counts and examples are those stated for the published code.
"""

import math
import random
from pathlib import Path

import pytest
import slow_wheel_rules

from affect_llm.labels.official.tables_2025 import read_tables_2025
from affect_llm.labels.official.tables_2026 import read_tables_2026
from affect_llm.labels.official.word_tables import METRICS
from affect_llm.metrics.emotion_wheel import LEVEL_1, LEVEL_2, OfficialVocabulary
from affect_llm.metrics.hit_rate import hit_rate
from affect_llm.metrics.open_set_score import score_open_set

WHEELS = Path(__file__).parents[3] / "shared" / "data" / "emotion_wheels"
pytestmark = [
    pytest.mark.kit,
    pytest.mark.skipif(
        not WHEELS.is_dir(), reason="the development data is not beside the project"
    ),
]
EDITIONS = ("2025", "2026")
AVERAGED = {"ov-mer": METRICS, "unibench": LEVEL_1, "mer2025-level2": LEVEL_2, "mer2026": LEVEL_1}


@pytest.fixture(scope="module")
def vocabularies(tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    return {edition: OfficialVocabulary.official(edition, WHEELS, cache) for edition in EDITIONS}


@pytest.fixture(scope="module")
def slow():
    return {
        "2025": slow_wheel_rules.read_2025(WHEELS),
        "2026": slow_wheel_rules.read_2026(WHEELS),
    }


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_form_has_the_group_of_the_slow_rules(vocabularies, slow, edition):
    tables, vocabulary = slow[edition], vocabularies[edition]
    odd = ["", "neutral", "t care", "don't care", "[happy", "sad].", "高兴", "never heard of"]
    strange = [word for word in odd if word in tables.forms]
    assert strange == []
    for word in [*tables.forms, *odd]:
        for metric in METRICS:
            expected = slow_wheel_rules.group(tables, word, metric)
            assert vocabulary.group(word, metric) == expected, (word, metric)


@pytest.mark.parametrize(
    ("edition", "forms", "reaching"),
    [
        ("2025", 7386, [4053, 4400, 3240, 4074, 3055]),
        ("2026", 7356, [4023, 4369, 3219, 4058, 3034]),
    ],
)
def test_the_stated_counts_of_forms(vocabularies, edition, forms, reaching):
    vocabulary = vocabularies[edition]
    assert len(vocabulary.rows) == forms
    found = [sum(code >= 0 for code in vocabulary.groupings[m].codes) for m in LEVEL_1]
    assert found == reaching


def test_the_stated_counts_of_tables():
    old, new = read_tables_2025(WHEELS), read_tables_2026(WHEELS)
    assert len(old.synonyms) == len(new.synonyms) == 1255
    assert {word for words in old.synonyms.values() for word in words} == {
        word for metric in LEVEL_1 for word in old.rings[metric]
    }
    assert len({word for metric in LEVEL_1 for word in old.rings[metric]}) == 253
    assert [len(old.rings[metric]) for metric in LEVEL_1] == [114, 126, 78, 102, 77]
    assert [len(set(old.rings[metric].values())) for metric in LEVEL_2] == [36, 41, 36, 48, 36]
    assert (old.synonyms, old.rings) == (new.synonyms, new.rings)
    assert len(set(old.bases) - set(new.bases)) == 30
    assert not set(new.bases) - set(old.bases)
    assert sum(new.bases[form] != old.bases[form] for form in new.bases) == 34


@pytest.mark.parametrize(
    ("words", "edition", "groups"),
    [
        ("happy happiness joy", "2025", ["happy", "happy", "joyful", "joy", "powerful"]),
        ("sad sadness", "2025", ["sad"] * 5),
        ("angry anger", "2025", ["mad", "angry", "mad", "anger", "mad"]),
        ("surprise", "2025", ["surprised", "surprised", "powerful", "fear", None]),
        ("disgust", "2025", ["disgusted", "disgusted", None, "disgust", None]),
        ("worried", "2025", ["scared", "fearful", "scared", "fear", "scared"]),
        ("fear", "2025", ["scared", "happy", "joyful", "genius", "joyful"]),
        ("fear", "2026", ["scared", "fearful", "scared", "fear", "scared"]),
        ("neutral", "2025", [None] * 5),
        ("neutral", "2026", [None] * 5),
    ],
)
def test_the_stated_groups_of_basic_emotions(vocabularies, words, edition, groups):
    for word in words.split():
        assert [vocabularies[edition].group(word, metric) for metric in LEVEL_1] == groups


@pytest.mark.parametrize(
    ("word", "inner", "middle"),
    [
        ("overwhelmed", "bad", "stressed"),
        ("inferior", "sad", "depressed"),
        ("embarrassed", "sad", "hurt"),
        ("disappointed", "sad", "hurt"),
    ],
)
def test_words_in_two_places_of_wheel_2_lie_in_the_later(word, inner, middle):
    rings = read_tables_2025(WHEELS).rings
    assert (rings["M3-W2-L1"][word], rings["M3-W2-L2"][word]) == (inner, middle)


def test_the_alphabet_sends_some_words_to_another_branch(vocabularies):
    assert vocabularies["2025"].group("loving", "M3-W5-L1") == "joyful"
    assert vocabularies["2025"].group("frustrated", "M3-W1-L1") == "sad"


def test_a_curly_apostrophe_is_known_and_a_straight_one_splits(vocabularies):
    vocabulary = vocabularies["2025"]
    assert vocabulary.group("Don’t Care", "M1") == "don’t care"
    assert vocabulary.group("don't care", "M1") is None
    scores = score_open_set({"a": "[don't care]"}, {"a": "[don’t care]"}, vocabulary)
    assert scores.metrics["M1"].n == 0
    assert set(scores.gold.words) == {"don", "t care"}


def label_sets(tables, seed, count):
    """Gold and predicted label sets that share words often, with junk, doubles and odd print."""
    draw = random.Random(seed)
    forms = sorted(tables.forms)
    near = draw.sample(forms, draw.choice([6, 40, 400]))

    def labels():
        pool = near if draw.random() < 0.9 else forms
        words = [draw.choice(pool) for _ in range(draw.choice([0, 1, 1, 2, 3, 5, 9]))]
        words += draw.sample(["neutral", "junk", "Don't care", "難", ""], draw.choice([0, 0, 1, 2]))
        words = [draw.choice([word, word.title(), f" {word} "]) for word in words]
        return draw.choice([str(words), words, f"[{', '.join(words)}]", ",".join(words)])

    names = [f"clip_{i}" for i in range(count)]
    return {name: labels() for name in names}, {name: labels() for name in names}


def undefined(value):
    return math.nan if value is None else value


def test_thousands_of_scores_without_a_difference(vocabularies, slow):
    compared, differing = 0, []
    for edition in EDITIONS:
        tables, vocabulary, zero = slow[edition], vocabularies[edition], edition == "2026"
        for seed in range(60):
            gold, said = label_sets(tables, seed, 1 + seed % 23)
            scores = score_open_set(gold, said, vocabulary)
            for metric in METRICS:
                ours = scores.metrics[metric]
                expected = slow_wheel_rules.score(tables, gold, said, metric, zero)
                found = (ours.f1, ours.precision, ours.recall, ours.n)
                for a, b in zip(found, expected, strict=True):
                    compared += 1
                    if repr(float(undefined(a))) != repr(float(b)):
                        differing.append((edition, seed, metric, a, b))
            for name, metrics in AVERAGED.items():
                expected = slow_wheel_rules.average(tables, gold, said, metrics, name == "mer2026")
                compared += 1
                if repr(undefined(scores.averages[name])) != repr(expected):
                    differing.append((edition, seed, name, scores.averages[name], expected))
    assert compared > 6000
    assert differing == []


def test_two_thousand_clips_to_the_last_digit(vocabularies, slow):
    """Long sums are where the order of additions would show."""
    gold, said = label_sets(slow["2025"], 7, 2000)
    scores = score_open_set(gold, said, vocabularies["2025"])
    for metric in METRICS:
        expected = slow_wheel_rules.score(slow["2025"], gold, said, metric, False)
        ours = scores.metrics[metric]
        assert (ours.f1, ours.precision, ours.recall, ours.n) == expected
    ov_mer = slow_wheel_rules.average(slow["2025"], gold, said, METRICS, False)
    assert scores.averages["ov-mer"] == ov_mer


BASIC = ["anger", "joy", "sadness", "neutral", "disgust", "fear", "surprise"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_hit_rates_without_a_difference(vocabularies, slow, edition):
    for seed in range(40):
        draw = random.Random(seed)
        _, said = label_sets(slow[edition], seed, 60)
        gold = {name: draw.choice([*BASIC, "Joy", "sad, angry", "[fear]"]) for name in said}
        expected = slow_wheel_rules.hit_rate(slow[edition], gold, said)
        ours = hit_rate(gold, said, vocabularies[edition])
        found = [undefined(ours.hit_rate), undefined(ours.mscore)]
        assert [repr(value) for value in found] == [repr(value) for value in expected]


def test_answering_everything_hits_everything_that_lies_on_a_wheel(vocabularies):
    gold = {f"clip_{i}": BASIC[i % 7] for i in range(70)}
    score = hit_rate(gold, dict.fromkeys(gold, ", ".join(BASIC)), vocabularies["2025"])
    assert score.hit_rate == 1.0
    assert score.mscore < 0.4
    assert score.mean_labels == 7
    assert score.wheels["M3-W1-L1"].n == 60  # every neutral clip is gone


def test_a_constant_happy_scores_on_fear_in_2025_only(vocabularies):
    gold = {f"clip_{i}": "fear" for i in range(5)}
    said = dict.fromkeys(gold, "happy")
    assert hit_rate(gold, said, vocabularies["2025"]).hit_rate > 0
    assert hit_rate(gold, said, vocabularies["2026"]).hit_rate == 0
