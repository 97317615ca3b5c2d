"""Every expected number is worked out by hand beside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import LABEL, QUICK, columns, rows
from random_answers import LABELS as FOUR

from affect_llm.errors import DataError
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.averages import mean_defined
from affect_llm.metrics.confusion import answer_codes, confusion_matrix, counted
from affect_llm.metrics.f1 import f1_per_label, macro_f1, weighted_f1
from affect_llm.metrics.majority import majority_label
from affect_llm.metrics.recall import unweighted_recall

LABELS = ("a", "b", "c")
GOLD = ["a", "a", "a", "b", "b", "c"]
ANSWERS = ["a", "a", "b", "b", None, "b"]
SCORES = [accuracy, weighted_f1, macro_f1, unweighted_recall]
ITEMS = rows(LABEL, st.one_of(LABEL, st.none()), least=1)


@pytest.fixture
def counts() -> np.ndarray:
    return confusion_matrix(GOLD, ANSWERS, LABELS)


def test_the_last_column_counts_missing_answers(counts):
    assert counts.tolist() == [[2, 1, 0, 0], [0, 1, 0, 1], [0, 1, 0, 0]]
    assert counts.dtype == np.int64


def test_codes_count_cells_row_by_row():
    # row * 4 + column: a/a 0, a/b 1, b/b 5, b/None 7, c/b 9
    assert answer_codes(GOLD, ANSWERS, LABELS).tolist() == [0, 0, 1, 5, 7, 9]
    assert counted(np.array([7], dtype=np.intp), 3)[1, 3] == 1


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
    assert macro_f1(counts) == weighted_f1(counts) == 1.0
    assert unweighted_recall(counts) == 1.0


def test_a_label_that_never_occurs_counts_what_the_caller_says():
    counts = confusion_matrix(["a", "b"], ["a", "b"], LABELS)
    assert macro_f1(counts, undefined=0) == pytest.approx(2 / 3)
    assert mean_defined([None, 0.5], 1) == 0.75
    assert mean_defined([None, 0.5]) == 0.5
    assert mean_defined([None]) is None
    assert mean_defined([None], 0) == 0


def test_a_label_only_answered_lowers_macro_f1_but_not_recall():
    counts = confusion_matrix(["a", "a"], ["a", "c"], LABELS)
    # a: 2/3, c: 0 of one answer -> (2/3 + 0) / 2; recall of the only gold label: 1/2
    assert macro_f1(counts) == pytest.approx(1 / 3)
    assert unweighted_recall(counts) == 0.5


@pytest.mark.parametrize("metric", SCORES)
def test_nothing_to_count_is_undefined(metric):
    assert metric(confusion_matrix([], [], LABELS)) is None


def test_one_item_is_enough():
    counts = confusion_matrix(["a"], ["a"], LABELS)
    assert [metric(counts) for metric in SCORES] == [1.0] * 4


def test_everything_right_scores_one():
    counts = confusion_matrix(LABELS, LABELS, LABELS)
    assert [metric(counts) for metric in SCORES] == [1.0] * 4


def test_answering_nothing_scores_zero():
    counts = confusion_matrix(["a", "b"], [None, None], LABELS)
    assert [metric(counts) for metric in SCORES] == [0.0] * 4


def test_agrees_with_scikit_learn():
    from sklearn.metrics import balanced_accuracy_score, precision_recall_fscore_support

    rng = np.random.default_rng(3)
    gold = [LABELS[i] for i in rng.integers(3, size=200)]
    answers = [LABELS[i] for i in rng.integers(3, size=200)]
    counts = confusion_matrix(gold, answers, LABELS)
    exactly = {"rel": 1e-12, "abs": 0}
    for name, found in [("weighted", weighted_f1(counts)), ("macro", macro_f1(counts))]:
        theirs = precision_recall_fscore_support(gold, answers, average=name)
        assert found == pytest.approx(theirs[2], **exactly)
    theirs = precision_recall_fscore_support(gold, answers, labels=LABELS)
    assert f1_per_label(counts) == pytest.approx(theirs[2], **exactly)
    expected = balanced_accuracy_score(gold, answers)
    assert unweighted_recall(counts) == pytest.approx(expected, **exactly)


@QUICK
@given(ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(items, random):
    shuffled = random.sample(items, len(items))
    before, after = (confusion_matrix(*columns(i, 2), FOUR) for i in (items, shuffled))
    assert before.tolist() == after.tolist()


@QUICK
@given(ITEMS)
def test_scores_lie_between_0_and_1_and_ignore_doubling(items):
    once, twice = (confusion_matrix(*columns(i, 2), FOUR) for i in (items, items * 2))
    for metric in SCORES:
        assert 0 <= metric(once) <= 1
        assert metric(twice) == pytest.approx(metric(once), abs=1e-12)


@QUICK
@given(ITEMS, st.permutations(FOUR))
def test_renaming_labels_changes_no_score(items, names):
    renamed = dict(zip((*FOUR, None), (*names, None), strict=True))
    before = confusion_matrix(*columns(items, 2), FOUR)
    gold, answers = columns([(renamed[g], renamed[a]) for g, a in items], 2)
    after = confusion_matrix(gold, answers, FOUR)
    for metric in SCORES:
        assert metric(after) == pytest.approx(metric(before), abs=1e-12)


@QUICK
@given(rows(LABEL, LABEL, least=1))
def test_swapping_gold_and_answers_keeps_f1(items):
    gold, answers = columns(items, 2)
    there, back = confusion_matrix(gold, answers, FOUR), confusion_matrix(answers, gold, FOUR)
    assert f1_per_label(there) == f1_per_label(back)
    assert macro_f1(there) == pytest.approx(macro_f1(back), abs=1e-12)


@pytest.mark.parametrize(
    ("gold", "answers", "labels", "sentence"),
    [
        (["a"], [], "abc", "There are 1 gold labels and 0 answers; each item needs one of both."),
        (["x"], ["a"], "abc", "The gold labels x .items 0,.* not among the labels a, b, c."),
        (["a", "a"], [None, "x"], "abc", "The answers x .items 1,.* not among the labels a, b, c."),
        ([None], ["a"], "abc", "The gold labels None .items 0,"),
        (["a"], ["a"], "aba", "The label set names a more than once."),
    ],
)
def test_input_without_sense_is_refused(gold, answers, labels, sentence):
    with pytest.raises(DataError, match=f"^{sentence}"):
        confusion_matrix(gold, answers, list(labels))


def test_majority_of_equals_is_the_first_by_name():
    assert majority_label(["b", "a", "b", "a", "c"]) == "a"
    assert majority_label(["b", "b", "a"]) == "b"
    assert majority_label([]) is None
