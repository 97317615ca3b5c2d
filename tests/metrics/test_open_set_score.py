"""Open-vocabulary scores, worked by hand on made-up tables and property by property."""

import math

import made_up_tables
import numpy as np
import pytest
import slow_wheel_rules
from hypothesis import given, settings
from hypothesis import strategies as st

from affect_llm.errors import DataError
from affect_llm.labels.official.word_tables import METRICS
from affect_llm.metrics.emotion_wheel import LEVEL_1, LEVEL_2, OfficialVocabulary
from affect_llm.metrics.label_rows import pair_labels
from affect_llm.metrics.open_set_score import AVERAGES, score_open_set
from affect_llm.metrics.set_overlap import f_score, overlap

WORDS = ["glad", "merry", "merrier", "warm", "low", "blue", "stormy", "paler", "mellow", "junk"]
LABELS = st.lists(st.sampled_from(WORDS), max_size=4).map(str)
PAIRS = st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made_up_tables.write_folder(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module")
def vocabulary(folder, tmp_path_factory):
    return OfficialVocabulary.official("2025", folder, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def tables(folder):
    return slow_wheel_rules.read_2025(folder)


@pytest.fixture(scope="module")
def later(tables, tmp_path_factory):
    """The same words as a 2026 vocabulary, which has the other rule for what is undefined."""
    path = tmp_path_factory.mktemp("later")
    synonyms = {base: sorted(words) for base, words in tables.synonyms.items()}
    made_up_tables.write_mapping(path / "wheel_mapping.npz", tables.forms, synonyms, tables.rings)
    return OfficialVocabulary.official("2026", path, path)


def clips(rows):
    return {f"clip_{i:03}": row for i, row in enumerate(rows)}


def test_precision_and_recall_are_averaged_before_f(vocabulary):
    """On wheel 1, ring 1: clip 0 has P {glad, low}, G {glad}: 1/2 and 1. Clip 1 has P {low},
    G {glad, low}: 1 and 1/2. Clip 2 predicts nothing known: 0 and 0. Precision and recall are
    both (1/2 + 1 + 0) / 3 = 1/2, so F = 1/2; the mean of the clips' own F would be 4/9.
    """
    gold = clips(["glad", "['warm', 'blue']", "low", "junk, odd", ""])
    said = clips(["[merry, dull]", "tearful", "junk", "glad", "glad"])
    score = score_open_set(gold, said, vocabulary).metrics["M3-W1-L1"]
    assert (score.precision, score.recall, score.f1) == (0.5, 0.5, 0.5)
    assert score.n == 3
    assert score.skipped == {"no gold labels": 1, "no gold label in a group": 1}


def test_groups_count_once_however_often_they_are_named(vocabulary):
    said = clips(["glad, merry, GLAD, warm, low"])
    score = score_open_set(clips(["glad"]), said, vocabulary).metrics["M3-W1-L1"]
    assert (score.precision, score.recall) == (0.5, 1.0)


def test_f_of_nothing_right_is_undefined_in_2025_and_zero_in_2026(vocabulary, later):
    gold, said = clips(["glad"]), clips(["low"])
    old, new = (score_open_set(gold, said, v) for v in (vocabulary, later))
    assert (old.metrics["M3-W1-L1"].precision, old.metrics["M3-W1-L1"].f1) == (0.0, None)
    assert (new.metrics["M3-W1-L1"].precision, new.metrics["M3-W1-L1"].f1) == (0.0, 0.0)
    assert old.averages["unibench"] is None
    assert new.averages["mer2026"] == 0.0


def test_one_undefined_wheel_undoes_the_2025_averages_and_counts_as_zero_in_2026(vocabulary, later):
    """ "blue" is on wheels 1, 2 and 4 only, so wheels 3 and 5 score no clip."""
    gold = said = clips(["blue"])
    old, new = (score_open_set(gold, said, v) for v in (vocabulary, later))
    empty = old.metrics["M3-W3-L1"]
    assert (empty.precision, empty.recall, empty.f1, empty.n) == (None, None, None, 0)
    assert [old.averages[a] for a in ("ov-mer", "unibench", "mer2025")] == [None, None, None]
    assert new.metrics["M3-W3-L1"].f1 == 0.0
    assert new.averages["mer2026"] == pytest.approx(3 / 5)


def test_averages_are_means_of_f_over_their_metrics(vocabulary):
    gold = clips(["glad, warm", "merry"])
    said = clips(["glad, low", "warm"])
    scores = score_open_set(gold, said, vocabulary)

    def mean(names):
        return np.mean([scores.metrics[name].f1 for name in names])

    assert len({round(metric.f1, 6) for metric in scores.metrics.values()}) == 3
    assert scores.averages["ov-mer"] == pytest.approx(mean(METRICS))
    assert scores.averages["unibench"] == pytest.approx(mean(LEVEL_1))
    assert scores.averages["mer2025-level1"] == pytest.approx(mean(LEVEL_1))
    assert scores.averages["mer2025-level2"] == pytest.approx(mean(LEVEL_2))
    assert scores.averages["mer2025"] == pytest.approx((mean(LEVEL_1) + mean(LEVEL_2)) / 2)
    assert set(scores.averages) == set(AVERAGES)


def test_which_averages_are_published_with_a_vocabulary(vocabulary, later):
    gold = said = clips(["glad"])
    assert score_open_set(gold, said, later).published == ("mer2026",)
    assert "mer2026" not in score_open_set(gold, said, vocabulary).published


def test_coverage_says_which_words_were_dropped(vocabulary):
    gold = clips(["glad, junk", "odd, junk"])
    said = clips(["neutral, warm", "Junk"])
    scores = score_open_set(gold, said, vocabulary)
    assert scores.gold.words == {"junk": 2, "odd": 1}
    assert (scores.gold.mentions, scores.gold.unknown) == (4, 3)
    assert scores.gold.known_share == 0.25
    assert scores.predicted.words == {"junk": 1, "neutral": 1}


def test_a_missing_prediction_is_refused_by_name(vocabulary):
    gold, said = clips(["glad"] * 14), clips(["glad"] * 2)
    with pytest.raises(
        DataError, match=r"^12 of 14 clips have no prediction: clip_002, .* clip_011 and 2 more\."
    ):
        score_open_set(gold, said, vocabulary)
    scores = score_open_set(gold, dict.fromkeys(gold, "") | said, vocabulary)
    assert scores.metrics["M1"].precision == pytest.approx(2 / 14)


def test_only_gold_clips_count(vocabulary):
    said = clips(["glad", "low", "low"])
    scores = score_open_set(clips(["glad"]), said, vocabulary)
    assert scores.metrics["M1"].f1 == 1.0
    assert scores.metrics["M1"].n == 1


def test_empty_gold_and_unreadable_labels_are_refused(vocabulary):
    with pytest.raises(DataError, match="no clips"):
        score_open_set({}, {}, vocabulary)
    with pytest.raises(DataError, match=r"gold labels of b cannot be read\. Labels are a string"):
        score_open_set({"a": "glad", "b": 3}, {"a": "", "b": ""}, vocabulary)
    for labels in (["glad", 3], ["glad", ["low"]]):
        with pytest.raises(DataError, match=r"predicted labels of a cannot be read\. .* non-word"):
            score_open_set({"a": "glad"}, {"a": labels}, vocabulary)


def test_robust_reading_can_be_asked_for(vocabulary):
    gold, said = clips(["glad; low"]), clips(["[glad, low]."])
    assert score_open_set(gold, said, vocabulary).metrics["M1"].n == 0
    assert score_open_set(gold, said, vocabulary, rules="robust").metrics["M1"].f1 == 1.0


def test_exact_words_need_no_vocabulary():
    rows = pair_labels(clips(["Happy, sad", "odd"]), clips(["happy, angry", "odd"]))
    found = overlap(rows, made_up_tables.ExactWords())
    assert found.precision().tolist() == [0.5, 1.0]
    assert found.recall().tolist() == [0.5, 1.0]


@pytest.mark.parametrize(
    ("precision", "recall", "f1"),
    [(0.5, 1.0, 2 / 3), (0.0, 0.0, None), (None, 0.5, None), (0.5, None, None), (1.0, 1.0, 1.0)],
)
def test_f_is_the_harmonic_mean(precision, recall, f1):
    assert f_score(precision, recall) == f1


def numbers(scores):
    metrics = [(m.precision, m.recall, m.f1, m.n, m.skipped) for m in scores.metrics.values()]
    return metrics, scores.averages, scores.gold, scores.predicted


@settings(deadline=None, max_examples=60)
@given(PAIRS)
def test_equal_to_the_slow_rules_to_the_last_digit(tables, vocabulary, later, pairs):
    gold, said = clips([g for g, _ in pairs]), clips([p for _, p in pairs])
    for ours, zero in ((vocabulary, False), (later, True)):
        scores = score_open_set(gold, said, ours)
        for name in METRICS:
            slow = slow_wheel_rules.score(tables, gold, said, name, zero)
            metric = scores.metrics[name]
            assert same((metric.f1, metric.precision, metric.recall, metric.n), slow)


def same(ours, slow):
    return all((a is None and math.isnan(b)) or a == b for a, b in zip(ours, slow, strict=True))


@settings(deadline=None, max_examples=40)
@given(PAIRS, st.randoms())
def test_the_order_of_clips_does_not_matter(vocabulary, pairs, random):
    """Up to the rounding of sums, which depends on it."""
    gold, said = clips([g for g, _ in pairs]), clips([p for _, p in pairs])
    names = list(gold)
    random.shuffle(names)
    mixed = score_open_set({name: gold[name] for name in names}, said, vocabulary)
    straight = score_open_set(gold, said, vocabulary)
    for name in METRICS:
        a, b = mixed.metrics[name], straight.metrics[name]
        assert (a.n, a.skipped) == (b.n, b.skipped)
        assert (a.f1, a.precision, a.recall) == pytest.approx((b.f1, b.precision, b.recall))


@settings(deadline=None, max_examples=40)
@given(PAIRS, st.randoms())
def test_order_case_and_repeats_of_labels_do_not_matter(vocabulary, pairs, random):
    def disturbed(labels):
        words = slow_wheel_rules.split_labels(labels) * 2
        random.shuffle(words)
        return ", ".join(random.choice([word.upper(), f" {word} "]) for word in words)

    gold, said = clips([g for g, _ in pairs]), clips([p for _, p in pairs])
    before = score_open_set(gold, said, vocabulary)
    after = score_open_set(
        {name: disturbed(labels) for name, labels in gold.items()},
        {name: disturbed(labels) for name, labels in said.items()},
        vocabulary,
    )
    assert after.metrics == before.metrics
    assert after.averages == before.averages


@settings(deadline=None, max_examples=40)
@given(PAIRS)
def test_scoring_the_gold_against_itself_is_perfect(vocabulary, pairs):
    gold = clips([g for g, _ in pairs])
    for metric in score_open_set(gold, gold, vocabulary).metrics.values():
        assert metric.n == 0 or metric.f1 == 1.0


@settings(deadline=None, max_examples=40)
@given(PAIRS)
def test_swapping_gold_and_prediction_swaps_precision_and_recall(vocabulary, pairs):
    """Where both sides of every clip have a group, in "M1" here."""
    both = [(g, p) for g, p in pairs if g != "[]" and p != "[]" and "junk" not in g + p]
    if not both:
        return
    gold, said = clips([g for g, _ in both]), clips([p for _, p in both])
    one, two = (score_open_set(*sides, vocabulary) for sides in ((gold, said), (said, gold)))
    assert one.metrics["M1"].precision == two.metrics["M1"].recall
    assert one.metrics["M1"].f1 == two.metrics["M1"].f1
