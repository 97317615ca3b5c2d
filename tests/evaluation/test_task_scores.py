"""Scores of each task on items that can be counted by hand, against plain recomputation."""

from pathlib import Path

import numpy as np
import pytest

from affect_llm.errors import DataError
from affect_llm.evaluation import intervals
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.suites.measurement import suite_report
from affect_llm.evaluation.suites.suite import Suite, load_suite
from affect_llm.evaluation.suites.suite_task import pairs_of, task_of
from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.types import Sample

WHEELS = Path(__file__).parents[3] / "shared" / "data" / "emotion_wheels"


def said(n: int, truth: Truth, state: str = "answered", **fields: object) -> Prediction:
    return Prediction(
        id=str(n), group=str(n // 2), gold=truth.label, truth=truth, state=state, **fields
    )


def scores(suite: Suite, predictions: list[Prediction], vocabulary: Path | None = None):
    report = suite_report(suite, task_of(suite, vocabulary), predictions)
    assert report.score is not None
    return {score.name: score for score in (report.score, *report.others)}


def test_labels_near_the_top_are_given():
    task = task_of(load_suite("goemotions-ekman"))
    spread = {"joy": 0.4, "anger": 0.2, "fear": 0.19, "sadness": 0.21}
    sure = said(0, Truth(), label="joy", distribution=spread)
    assert task.answer_of(sure, shown=True) == {"joy", "anger", "sadness"}
    unsure = sure.model_copy(update={"state": "abstained"})
    assert task.answer_of(unsure, shown=True) == set()
    assert task.answer_of(unsure, shown=False) == {"joy", "anger", "sadness"}
    words = said(0, Truth(), label="joy", open_labels=("anger", "cheerful"))
    assert task.answer_of(words, shown=True) == {"joy", "anger"}


def test_multi_label_by_hand():
    suite = load_suite("goemotions-ekman")
    found = scores(
        suite,
        [
            said(0, Truth(labels=("joy", "anger")), label="joy"),
            said(1, Truth(labels=("joy",)), label="joy", open_labels=("fear",)),
            said(2, Truth(labels=("fear",)), state="abstained", label="fear"),
        ],
    )
    # joy 2 of 2 and 2 true: 1; anger 0 of 0, 1 true: 0; fear 0 hits of 1 given, 1 true: 0.
    assert found["macro_f1"].value == pytest.approx(1 / 3)
    assert found["micro_f1"].value == pytest.approx(2 * 2 / (3 + 4))
    assert found["exact_match"].value == 0
    assert found["macro_f1"].skipped == {"abstained": 1}


def test_valence_is_brought_to_one_scale_and_what_is_missing_is_counted():
    suite = load_suite("emotiontalk-valence")
    task = task_of(suite)
    rated = [Sample(str(n), {"valence": v}, "test", "g") for n, v in enumerate([-2.0, 0.0, 2.0])]
    truths = [task.truth(sample, suite.annotation) for sample in rated]
    assert [t.numbers["valence"] for t in truths] == [-1, 0, 1]
    predictions = [said(n, t, valence=t.numbers["valence"] / 2) for n, t in enumerate(truths)]
    predictions.append(said(3, truths[0], state="unparsed"))
    found = scores(suite, predictions)
    # Half the spread: 2 * 1/3 / (2/3 + 1/6) = 0.8.
    assert found["ccc"].value == pytest.approx(0.8)
    assert found["pearson"].value == pytest.approx(1)
    assert found["mae"].value == pytest.approx(1 / 3)
    assert found["ccc"].skipped == {"unparsed": 1, "without a number": 1}
    with pytest.raises(DataError, match="the item 9 has the valence 3"):
        task.truth(Sample("9", {"valence": 3.0}, "test", "g"), suite.annotation)


def test_sentiment_as_unibench_has_it():
    suite = load_suite("mosi")
    labels = ["positive", "neutral", "negative", "positive"]
    gold = [1.0, 0.2, -1.0, 0.0]
    predictions = [
        said(n, Truth(numbers={"sentiment": v}), label=label)
        for n, (v, label) in enumerate(zip(gold, labels, strict=True))
    ]
    found = scores(suite, predictions)
    # The last is left out; "neutral" counts as negative: right, wrong, right.
    assert found["accuracy"].value == pytest.approx(2 / 3)
    # F of both sides is 2/3.
    assert found["weighted_f1"].value == pytest.approx(2 / 3)
    assert found["weighted_f1"].skipped == {
        "gold is 0": 1,
        "neutral answer, scored as negative": 1,
    }


def test_open_labels_have_a_price_under_the_own_vocabulary():
    suite = load_suite("ov-mer").model_copy(update={"metric": "own"})
    gold = Truth(labels=("happy",))
    right = scores(suite, [said(0, gold, label="joy"), said(2, gold, label="joy")])
    sprayed = scores(
        suite, [said(n, gold, label="joy", open_labels=("sad", "angry")) for n in (0, 2)]
    )
    assert right["own"].value == 1.0
    # One hit of three given and one true: 2 / (3 + 1).
    assert sprayed["own"].value == pytest.approx(0.5)
    assert right["unibench"].value is None
    unknown = scores(suite, [said(0, gold, label="zxq"), said(2, gold, label="zxq")])
    assert unknown["own"].skipped == {"answered words unknown to the own vocabulary": 2}


@pytest.mark.kit
@pytest.mark.skipif(not WHEELS.is_dir(), reason="the official tables are not beside the project")
def test_published_averages_are_those_of_the_metrics():
    from affect_llm.metrics.emotion_wheel import OfficialVocabulary
    from affect_llm.metrics.hit_rate import hit_rate
    from affect_llm.metrics.open_set_score import score_open_set

    rng = np.random.default_rng(3)
    words = ["happy", "sad", "angry", "worried", "surprise", "disgust", "neutral", "humorous"]
    gold = [tuple(rng.choice(words, size=2, replace=False)) for _ in range(40)]
    given = [tuple(rng.choice(words, size=3, replace=False)) for _ in range(40)]
    predictions = [
        said(n, Truth(labels=g), label=p[0], open_labels=p[1:])
        for n, (g, p) in enumerate(zip(gold, given, strict=True))
    ]
    table = {str(n): list(g) for n, g in enumerate(gold)}
    answers = {str(n): list(p) for n, p in enumerate(given)}
    vocabulary = OfficialVocabulary.official("2025", WHEELS)
    known = score_open_set(table, answers, vocabulary).averages
    found = scores(load_suite("ov-mer"), predictions, WHEELS)
    assert found["ov_mer"].value == known["ov-mer"]
    assert found["unibench"].value == known["unibench"]
    assert found["mer2026"].value is None
    low, high = found["ov_mer"].interval
    assert low < known["ov-mer"] < high
    new = scores(load_suite("mer2026"), predictions, WHEELS)
    official = OfficialVocabulary.official("2026", WHEELS)
    assert new["mer2026"].value == score_open_set(table, answers, official).averages["mer2026"]
    single = {name: labels[:1] for name, labels in table.items()}
    hits = hit_rate(single, answers, vocabulary)
    one = [p.model_copy(update={"truth": Truth(labels=p.truth.labels[:1])}) for p in predictions]
    hit = scores(load_suite("mer2023"), one, WHEELS)
    assert hit["hit_rate"].value == hits.hit_rate
    assert hit["mscore"].value == hits.mscore


def test_intervals_are_those_of_the_plain_bootstrap():
    suite = load_suite("meld")
    task = task_of(suite)
    predictions = [
        said(n, Truth(label="joy" if n % 3 else "anger"), label="joy" if n % 4 else "anger")
        for n in range(60)
    ]
    found = scores(suite, predictions)["macro_f1"]
    pairs = pairs_of(suite, task, predictions)
    again = task.measure(pairs.gold, pairs.predicted).again
    plain = bootstrap_interval(
        lambda i: again(i)["metrics", "macro_f1"],
        [p.group for p in predictions],
        np.random.default_rng(intervals.SEED),
    )
    assert found.interval == plain


def test_an_explanation_that_repeats_the_reference_beats_another():
    suite = load_suite("emer")
    task = task_of(suite)
    texts = ["She smiles broadly and speaks loudly; she is happy.", "He frowns. He is angry."]
    truths = [task.truth(Sample("a", {"reason": t}, "test", "a"), suite.annotation) for t in texts]

    def told(order: tuple[int, int]) -> float:
        predictions = [
            said(2 * n, truth, label=("happy", "angry")[k])
            for n, (truth, k) in enumerate(zip(truths, order, strict=True))
        ]
        return scores(suite, predictions)["label_overlap"].value

    assert told((0, 1)) > told((1, 0))
    with pytest.raises(DataError, match="has no reason"):
        task.truth(Sample("a", {"reason": " "}, "test", "a"), suite.annotation)
