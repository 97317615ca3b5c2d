"""Agreement of raters: every expected number is worked out by hand beside it, or published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import LABEL, LABELS, NUMBER, QUICK, columns, rows

from affect_llm.errors import DataError
from affect_llm.metrics import fleiss_kappa as fleiss
from affect_llm.metrics import krippendorff_alpha as krippendorffs
from affect_llm.metrics.cohen_kappa import cohen_kappa
from affect_llm.metrics.rating_tables import label_counts, number_table

LOW = ("low", "middle", "high")
FIRST = ["low", "low", "middle", "high"]
SECOND = ["low", "middle", "middle", "low"]
EXACT = {"rel": 1e-12, "abs": 1e-12}
WEIGHTS = ["plain", "linear", "quadratic"]
PAIRS = rows(LABEL, LABEL, least=1)
TRIPLES = rows(*[st.one_of(LABEL, st.none())] * 3)


def fleiss_kappa(ratings, labels):
    return fleiss.fleiss_kappa(label_counts(ratings, labels))


def nominal_alpha(ratings, labels):
    return krippendorffs.nominal_alpha(label_counts(ratings, labels))


def ordinal_alpha(ratings, labels):
    return krippendorffs.ordinal_alpha(label_counts(ratings, labels))


def interval_alpha(ratings):
    return krippendorffs.interval_alpha(number_table(ratings))


@pytest.mark.parametrize(
    ("weights", "expected"),
    # Frequencies low 2, middle 1, high 1 and low 2, middle 2, high 0, of 4 items.
    # Expected: low 1, 1, 0; middle 1/2, 1/2, 0; high 1/2, 1/2, 0.
    # plain: observed 2, expected 1 + 1/2 + 1/2 + 1/2 = 5/2
    # linear: observed 1 + 2 = 3, expected 1 + 1/2 + 2/2 + 1/2 = 3
    # quadratic: observed 1 + 4 = 5, expected 1 + 1/2 + 4/2 + 1/2 = 4
    [("plain", 1 - 2 / 2.5), ("linear", 0.0), ("quadratic", 1 - 5 / 4)],
)
def test_cohen_by_hand(weights, expected):
    assert cohen_kappa(FIRST, SECOND, LOW, weights) == pytest.approx(expected, **EXACT)


def test_plain_weights_are_the_default():
    assert cohen_kappa(FIRST, SECOND, LOW) == pytest.approx(0.2, **EXACT)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_cohen_of_constant_raters(weights):
    assert cohen_kappa(["low"] * 3, ["low"] * 3, LOW, weights) is None
    assert cohen_kappa(["low"] * 3, FIRST[:3], LOW, weights) == pytest.approx(0, **EXACT)
    assert cohen_kappa(["low"] * 3, ["high"] * 3, LOW, weights) == pytest.approx(0, **EXACT)
    assert cohen_kappa([], [], LOW, weights) is None
    assert cohen_kappa(["low"], ["low"], ["low"], weights) is None
    assert cohen_kappa(["low"], ["high"], LOW, weights) == 0


@pytest.mark.parametrize("weights", WEIGHTS)
def test_cohen_agrees_with_scikit_learn(weights):
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(2)
    first, second = [[LABELS[i] for i in row] for row in rng.integers(4, size=(2, 150))]
    theirs = cohen_kappa_score(
        first, second, labels=LABELS, weights=None if weights == "plain" else weights
    )
    assert cohen_kappa(first, second, LABELS, weights) == pytest.approx(theirs, **EXACT)


@QUICK
@given(PAIRS, st.randoms(use_true_random=False), st.sampled_from(WEIGHTS))
def test_cohen_ignores_order_doubling_and_who_is_first(items, random, weights):
    expected = cohen_kappa(*columns(items, 2), LABELS, weights)
    shuffled = random.sample(items, len(items)) * 2
    second, first = columns(shuffled, 2)
    assert cohen_kappa(first, second, LABELS, weights) == pytest.approx(expected, abs=1e-9)
    assert expected is None or -1 - 1e-9 <= expected <= 1
    backwards = cohen_kappa(first, second, LABELS[::-1], weights)
    assert backwards == pytest.approx(expected, abs=1e-9)


@QUICK
@given(PAIRS, st.permutations(LABELS))
def test_plain_cohen_ignores_the_order_of_labels(items, order):
    first, second = columns(items, 2)
    expected = cohen_kappa(first, second, LABELS)
    assert cohen_kappa(first, second, order) == pytest.approx(expected, abs=1e-9)
    assert cohen_kappa(first, first, LABELS) in (None, 1.0)


@pytest.mark.parametrize(
    ("first", "second", "labels", "sentence"),
    [
        (["low"], [], LOW, "There are 1 labels of the first rater and 0 of the second;"),
        (["x"], ["low"], LOW, "The labels of the first rater x .items 0,"),
        (["low"], [None], LOW, "The labels of the second rater None .items 0,"),
        (["low"], ["low"], ("low", "low"), "The label set names low more than once."),
    ],
)
def test_cohen_refuses_nonsense(first, second, labels, sentence):
    with pytest.raises(DataError, match=f"^{sentence}"):
        cohen_kappa(first, second, labels)


def test_fleiss_by_hand():
    # Three raters: pairs agree 3/3, 1/3, 0/3 -> 4/9.
    # Labels: low 3 + 2 + 1 = 6, middle 1 + 1 = 2, high 1 of 9 -> (36 + 4 + 1)/81
    ratings = [["low"] * 3, ["low", "middle", "low"], ["low", "middle", "high"]]
    chance = 41 / 81
    expected = (4 / 9 - chance) / (1 - chance)
    assert fleiss_kappa(ratings, LOW) == pytest.approx(expected, **EXACT)


def test_fleiss_of_all_and_of_no_agreement():
    assert fleiss_kappa([["low"] * 2, ["high"] * 2], LOW) == 1.0
    # never agree: (0 - 1/2) / (1 - 1/2)
    assert fleiss_kappa([["low", "high"]] * 2, LOW) == -1.0


def test_fleiss_without_items_or_with_one_label_is_undefined():
    assert fleiss_kappa([], LOW) is None
    assert fleiss_kappa([["low"] * 3] * 7, LOW) is None


@QUICK
@given(rows(LABEL, LABEL, LABEL, least=1), st.randoms(use_true_random=False))
def test_fleiss_ignores_order_and_is_alpha_but_for_the_size_of_the_sample(items, random):
    found = fleiss_kappa(items, LABELS)
    shuffled = [tuple(random.sample(row, 3)) for row in random.sample(items, len(items))] * 2
    labels = random.sample(LABELS, 4)
    assert fleiss_kappa(shuffled, labels) == pytest.approx(found, abs=1e-9)
    alpha, n = nominal_alpha(items, LABELS), 3 * len(items)
    # both compare with chance, drawn with (Fleiss) or without replacement (Krippendorff)
    assert (found is None) == (alpha is None)
    assert found is None or 1 - alpha == pytest.approx((1 - found) * (n - 1) / n, abs=1e-9)


@pytest.mark.parametrize(
    ("ratings", "sentence"),
    [
        (
            [["low"] * 2, ["low"]],
            ".*item 0 has 2, and items 1 have another number. Krippendorff's alpha takes missing "
            "ratings.$",
        ),
        ([["low"]], "Fleiss' kappa needs two or more ratings per item.*item 0 has 1, and items no"),
        ([[]], "Fleiss' kappa needs two or more"),
        ([["x", "low"]], "The ratings x .items 0,"),
    ],
)
def test_fleiss_refuses_nonsense(ratings, sentence):
    with pytest.raises(DataError, match=f"^{sentence}"):
        fleiss_kappa(ratings, LOW)
    with pytest.raises(DataError, match=r"^The label set names low"):
        fleiss_kappa([["low"] * 2], ["low", "low"])


# Krippendorff 2011, section C: four observers, twelve units.
PUBLISHED = [
    ("1", "1", None, "1"), ("2", "2", "3", "2"), ("3", "3", "3", "3"), ("3", "3", "3", "3"),
    ("2", "2", "2", "2"), ("1", "2", "3", "4"), ("4", "4", "4", "4"), ("1", "1", "2", "1"),
    ("2", "2", "2", "2"), (None, "5", "5", "5"), (None, None, "1", "1"), (None, None, "3", None),
]  # fmt: skip
FIVE = ("1", "2", "3", "4", "5")


def numbers(ratings):
    return [[None if r is None else float(r) for r in row] for row in ratings]


def test_alpha_of_the_published_example():
    assert nominal_alpha(PUBLISHED, FIVE) == pytest.approx(0.743, abs=0.0005)
    assert ordinal_alpha(PUBLISHED, FIVE) == pytest.approx(0.815, abs=0.0005)
    assert interval_alpha(numbers(PUBLISHED)) == pytest.approx(0.849, abs=0.0005)


def test_alpha_by_hand():
    # Items (a, a), (a, b) and one single b, left out. Coincidences: aa 2, ab 1, ba 1; n 4,
    # n_a 3, n_b 1. D_o = 2/4, D_e = 2 * 3 * 1 / (4 * 3) = 1/2 -> alpha 0
    assert nominal_alpha([["a", "a"], ["a", "b"], ["b", None]], ["a", "b"]) == 0.0
    # Three ratings a, a, b: pairs aa 2, ab 4, each over 2; with an item b, b:
    # aa 1, ab + ba 2, bb 2; n 5, n_a 2, n_b 3. D_o = 2/5, D_e = 12/20 -> 1 - 2/3
    found = nominal_alpha([["a", "a", "b"], ["b", "b", None]], ["a", "b"])
    assert found == pytest.approx(1 / 3, **EXACT)


def test_ordinal_alpha_by_hand():
    # Items (low, middle), (high, high): n low 1, middle 1, high 2, of 4.
    # d: low-middle (1 + 1 - 1)^2 = 1; middle-high (1 + 2 - 1.5)^2 = 9/4;
    # low-high (1 + 1 + 2 - 1.5)^2 = 25/4. D_o = 2 * 1 / 4;
    # D_e = 2 (1*1*1 + 1*2*9/4 + 1*2*25/4) / 12 = 36/12 = 3 -> 1 - 1/6
    found = ordinal_alpha([["low", "middle"], ["high", "high"]], LOW)
    assert found == pytest.approx(5 / 6, **EXACT)


def test_interval_alpha_by_hand():
    # Items (0, 1), (3, 3): D_o = 2 * 1 / 4; D_e = 2 (1 + 2 * 9 + 2 * 4) / 12 = 54/12
    assert interval_alpha([[0, 1], [3, 3]]) == pytest.approx(1 - 0.5 / 4.5, **EXACT)


@pytest.mark.parametrize("ratings", [[], [["low", None], [None, "high"]], [["low"] * 3] * 4])
def test_alpha_without_pairs_or_variation_is_undefined(ratings):
    assert nominal_alpha(ratings, LOW) is None
    assert ordinal_alpha(ratings, LOW) is None
    scale = {None: None, "low": 0.1, "high": 3.0}
    assert interval_alpha([[scale[r] for r in row] for row in ratings]) is None


def test_alpha_agrees_with_the_krippendorff_package():
    import krippendorff

    rng = np.random.default_rng(6)
    codes = np.where(rng.random((50, 4)) < 0.7, rng.integers(5, size=(50, 4)), np.nan)
    codes[:, 1] = np.where(rng.random(50) < 0.6, codes[:, 0], codes[:, 1])
    ratings = [[None if np.isnan(c) else FIVE[int(c)] for c in row] for row in codes]
    ours = {
        "nominal": nominal_alpha(ratings, FIVE),
        "ordinal": ordinal_alpha(ratings, FIVE),
        "interval": interval_alpha(numbers(ratings)),
    }
    for level, found in ours.items():
        theirs = krippendorff.alpha(codes.T, level_of_measurement=level)
        assert found == pytest.approx(theirs, **EXACT)
        assert 0 < found < 1


@QUICK
@given(TRIPLES, st.randoms(use_true_random=False))
def test_alpha_ignores_the_order_of_items_raters_and_labels(items, random):
    shuffled = [tuple(random.sample(row, 3)) for row in random.sample(items, len(items))]
    expected = nominal_alpha(items, LABELS)
    found = nominal_alpha(shuffled, random.sample(LABELS, 4))
    assert found == pytest.approx(expected, abs=1e-9)
    ordinal = ordinal_alpha(items, LABELS)
    assert ordinal_alpha(shuffled, LABELS[::-1]) == pytest.approx(ordinal, abs=1e-9)
    assert ordinal_alpha(items, ("none", *LABELS)) == pytest.approx(ordinal, abs=1e-9)
    assert expected is None or expected <= 1


@QUICK
@given(rows(NUMBER, NUMBER, st.one_of(NUMBER, st.none())), st.integers(1, 50), NUMBER)
def test_interval_alpha_ignores_unit_and_origin(items, unit, origin):
    expected = interval_alpha(items)
    moved = [[None if x is None else unit * x + origin for x in row] for row in items]
    assert interval_alpha(moved) == pytest.approx(expected, abs=1e-6)
    assert expected is None or expected <= 1


@pytest.mark.parametrize("alpha", [nominal_alpha, ordinal_alpha])
def test_alpha_refuses_unknown_and_repeated_labels(alpha):
    with pytest.raises(DataError, match=r"^The ratings x .items 2,"):
        alpha([["low", None], ["x", "low"]], LOW)
    with pytest.raises(DataError, match=r"^The label set names low"):
        alpha([], ["low", "low"])


def test_interval_alpha_refuses_nan():
    with pytest.raises(DataError, match=r"^The ratings must be finite numbers;"):
        interval_alpha([[1.0, float("nan")]])
