"""Trivial answers on items whose scores can be counted by hand."""

import pytest

from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.suites.measurement import learned, suite_report
from affect_llm.evaluation.suites.suite import Suite, load_suite
from affect_llm.evaluation.suites.suite_task import task_of
from affect_llm.types import Sample


def samples(pairs: list[tuple[str, str]]) -> list[Sample]:
    return [Sample(str(n), {"emotion": e}, "x", str(n), text=t) for n, (t, e) in enumerate(pairs)]


def values(names: tuple[str, ...], training: list[Sample], test: list[Sample]) -> dict[str, float]:
    suite = load_suite("meld").model_copy(update={"baselines": names})
    return scored(suite, training, test)


def scored(suite: Suite, training: list[Sample], test: list[Sample]) -> dict[str, float]:
    task = task_of(suite)
    predictions = []
    for sample in test:
        truth = task.truth(sample, suite.annotation)
        predictions.append(
            Prediction(id=sample.id, group=sample.group, gold=truth.label, truth=truth,
                       state="answered", label=truth.label or None)
        )  # fmt: skip
    report = suite_report(suite, task, predictions, learned(suite, task, training, test))
    return {b.name: b.value for b in report.baselines}


def test_tfidf_learns_from_the_training_part_only():
    training = samples([("so glad", "joy"), ("how awful", "anger")] * 5)
    test = samples([("glad", "joy"), ("awful", "anger")])
    swapped = samples([("glad", "anger"), ("awful", "joy")])
    for name in ("tfidf", "tfidf_punctuation"):
        assert values((name,), training, test) == {name: 1.0}
        assert values((name,), training, swapped) == {name: 0.0}


def test_only_one_tfidf_sees_punctuation():
    training = samples([("oh well !", "joy"), ("oh well ?", "anger")] * 5)
    found = values(("tfidf", "tfidf_punctuation"), training, training)
    assert found["tfidf"] < 1.0
    assert found["tfidf_punctuation"] == 1.0


def test_without_a_training_part_what_must_learn_is_left_out_or_renamed():
    test = samples([("a", "joy"), ("b", "joy"), ("c", "anger")])
    found = values(("majority", "tfidf"), [], test)
    # Joy for all: F1 of joy 2*2/(2*2+1) = 0.8, weighing 2 of 3.
    assert found == {"majority_of_this_part": pytest.approx(0.8 * 2 / 3)}


def test_label_sets_have_the_commonest_set_and_all_labels():
    suite = load_suite("xed-en")
    several = [Sample(str(n), {"emotions": e}, "x", str(n), text="t") for n, e in enumerate(
        [["joy"], ["joy"], ["anger", "fear"]])]  # fmt: skip
    found = scored(suite.model_copy(update={"metric": "micro_f1"}), several, several)
    # Joy for all three: 2 hits of 3 given and 4 true, F1 4/7. All eight labels: 4 hits, 24 + 4.
    assert found["majority"] == pytest.approx(4 / 7)
    assert found["all_labels"] == pytest.approx(8 / 28)


def test_sentiment_has_both_sides():
    suite = load_suite("mosi").model_copy(update={"metric": "accuracy"})
    rated = [Sample(str(n), {"sentiment": v}, "x", str(n)) for n, v in enumerate([1, 2, -1, 0])]
    found = scored(suite, [], rated)
    assert found["all_positive"] == pytest.approx(2 / 3)
    assert found["all_negative"] == pytest.approx(1 / 3)


def test_the_mean_of_the_training_part_has_no_concordance():
    suite = load_suite("emotiontalk-valence")
    rated = [Sample(str(n), {"valence": v}, "x", str(n)) for n, v in enumerate([-2.0, 0.0, 1.0])]
    assert scored(suite, rated, rated)["training_mean"] == 0.0
