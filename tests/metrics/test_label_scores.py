"""Every expected number is worked out by hand beside it."""

import numpy as np
import pytest

from affect_llm.errors import DataError
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.confusion import confusion_matrix
from affect_llm.metrics.f1 import f1_per_label, macro_f1, weighted_f1
from affect_llm.metrics.majority import majority_label
from affect_llm.metrics.recall import unweighted_recall

LABELS = ("a", "b", "c")
GOLD = ["a", "a", "a", "b", "b", "c"]
ANSWERS = ["a", "a", "b", "b", None, "b"]


@pytest.fixture
def counts() -> np.ndarray:
    return confusion_matrix(GOLD, ANSWERS, LABELS)


def test_the_last_column_counts_missing_answers(counts):
    assert counts.tolist() == [[2, 1, 0, 0], [0, 1, 0, 1], [0, 1, 0, 0]]


def test_a_missing_answer_stays_in_the_denominator(counts):
    assert accuracy(counts) == pytest.approx(3 / 6)


def test_f1_per_label(counts):
    # a: TP 2, FN 1, FP 0 -> 4/5;  b: TP 1, FN 1, FP 2 -> 2/5;  c: TP 0 of 1 -> 0
    assert f1_per_label(counts) == pytest.approx([0.8, 0.4, 0.0])


def test_weighted_f1_weighs_by_gold(counts):
    # (3 * 0.8 + 2 * 0.4 + 1 * 0) / 6
    assert weighted_f1(counts) == pytest.approx(3.2 / 6)


def test_macro_f1_is_the_plain_average(counts):
    assert macro_f1(counts) == pytest.approx(1.2 / 3)


def test_unweighted_recall(counts):
    # (2/3 + 1/2 + 0) / 3
    assert unweighted_recall(counts) == pytest.approx(7 / 18)


def test_a_label_that_never_occurs_counts_in_no_average():
    counts = confusion_matrix(["a", "b"], ["a", "b"], LABELS)
    assert f1_per_label(counts) == [1.0, 1.0, None]
    assert macro_f1(counts) == 1.0
    assert unweighted_recall(counts) == 1.0


def test_a_label_only_answered_lowers_macro_f1_but_not_recall():
    counts = confusion_matrix(["a", "a"], ["a", "c"], LABELS)
    # a: 2/3, c: 0 of one answer -> (2/3 + 0) / 2; recall of the only gold label: 1/2
    assert macro_f1(counts) == pytest.approx(1 / 3)
    assert unweighted_recall(counts) == 0.5


@pytest.mark.parametrize("metric", [accuracy, weighted_f1, macro_f1, unweighted_recall])
def test_nothing_to_count_is_undefined(metric):
    assert metric(confusion_matrix([], [], LABELS)) is None


def test_answering_nothing_scores_zero():
    counts = confusion_matrix(["a", "b"], [None, None], LABELS)
    assert accuracy(counts) == weighted_f1(counts) == unweighted_recall(counts) == 0.0


def test_agrees_with_scikit_learn():
    from sklearn.metrics import balanced_accuracy_score, f1_score

    rng = np.random.default_rng(3)
    gold = [LABELS[i] for i in rng.integers(3, size=200)]
    answers = [LABELS[i] for i in rng.integers(3, size=200)]
    counts = confusion_matrix(gold, answers, LABELS)
    assert weighted_f1(counts) == pytest.approx(f1_score(gold, answers, average="weighted"))
    assert macro_f1(counts) == pytest.approx(f1_score(gold, answers, average="macro"))
    assert unweighted_recall(counts) == pytest.approx(balanced_accuracy_score(gold, answers))


@pytest.mark.parametrize(("gold", "answers"), [(["a"], []), (["x"], ["a"]), (["a"], ["x"])])
def test_input_without_sense_is_refused(gold, answers):
    with pytest.raises(DataError):
        confusion_matrix(gold, answers, LABELS)


def test_majority_of_equals_is_the_first_by_name():
    assert majority_label(["b", "a", "b", "a", "c"]) == "a"
    assert majority_label(["b", "b", "a"]) == "b"
    assert majority_label([]) is None
