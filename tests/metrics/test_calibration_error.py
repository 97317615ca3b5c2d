import pytest

from affect_llm.errors import DataError
from affect_llm.metrics.calibration_error import expected_calibration_error, reliability_bins


def test_expected_calibration_error_by_hand() -> None:
    # Two bins. (0, .5]: .3 wrong, .5 right -> mean confidence .4, accuracy .5, gap .1, n 2.
    # (.5, 1]: .9 right, .7 wrong, .8 wrong -> mean .8, accuracy 1/3, gap 7/15, n 3.
    # ECE = (2 * .1 + 3 * 7/15) / 5 = (.2 + 1.4) / 5 = .32
    confidences = [0.3, 0.5, 0.9, 0.7, 0.8]
    right = [False, True, True, False, False]
    assert expected_calibration_error(confidences, right, bins=2) == pytest.approx(0.32)


def test_a_bin_takes_its_upper_bound_and_the_first_also_zero() -> None:
    bins = reliability_bins([0.0, 0.2, 0.4, 1.0], [True] * 4, bins=5)
    assert [b.n for b in bins] == [2, 1, 0, 0, 1]
    assert (bins[2].confidence, bins[2].accuracy) == (None, None)


@pytest.mark.parametrize("k", range(1, 16))
def test_every_fifteenth_is_in_the_bin_that_it_closes(k: int) -> None:
    bins = reliability_bins([k / 15], [True])
    assert bins[k - 1].n == 1


def test_certain_and_always_wrong_is_one_and_half_sure_half_right_is_zero() -> None:
    assert expected_calibration_error([1.0, 1.0], [False, False]) == 1.0
    assert expected_calibration_error([0.5, 0.5], [True, False]) == 0.0


def test_no_answers_have_no_error() -> None:
    assert expected_calibration_error([], []) is None


@pytest.mark.parametrize(
    ("confidences", "right", "bins"),
    [([0.5], [], 15), ([1.2], [True], 15), ([float("nan")], [True], 15), ([0.5], [True], 0)],
)
def test_nonsense_is_refused(confidences: list[float], right: list[bool], bins: int) -> None:
    with pytest.raises(DataError):
        reliability_bins(confidences, right, bins)
