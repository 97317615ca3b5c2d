import numpy as np
import pytest

from affect_llm.errors import DataError
from affect_llm.metrics.bootstrap import bootstrap_interval


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_a_constant_has_a_point_interval():
    assert bootstrap_interval(lambda index: 0.5, list("abc"), rng()) == (0.5, 0.5)


def test_the_same_state_gives_the_same_interval():
    values = rng().random(50)
    groups = [str(i) for i in range(50)]
    first = bootstrap_interval(lambda i: float(values[i].mean()), groups, rng())
    assert first == bootstrap_interval(lambda i: float(values[i].mean()), groups, rng())


def test_single_items_give_the_normal_interval_of_a_mean():
    values = np.array([0.0, 1.0] * 200)
    groups = [str(i) for i in range(400)]
    found = bootstrap_interval(lambda i: float(values[i].mean()), groups, rng(), draws=2000)
    # standard error sqrt(0.25 / 400) = 0.025, times 1.96
    assert found == pytest.approx((0.451, 0.549), abs=0.006)


def test_whole_groups_are_drawn():
    values = np.array([0.0] * 10 + [1.0] * 10)
    clustered = bootstrap_interval(
        lambda i: float(values[i].mean()), ["x"] * 10 + ["y"] * 10, rng()
    )
    # two groups: both draws x, or both y, happen a quarter of the time each
    assert clustered == (0.0, 1.0)


def test_groups_of_unequal_size_are_taken_whole():
    sizes = {len(index) for index in _draws(["x"] * 3 + ["y"])}
    assert sizes == {2, 4, 6}


def _draws(groups):
    seen = []
    bootstrap_interval(lambda index: seen.append(index) or 0.0, groups, rng(), draws=50)
    return seen


@pytest.mark.parametrize("groups", [[], ["x", "x"]])
def test_fewer_than_two_groups_have_no_interval(groups):
    assert bootstrap_interval(lambda index: 1.0, groups, rng()) is None


def test_a_statistic_that_is_mostly_undefined_has_none():
    assert bootstrap_interval(lambda index: None, ["x", "y"], rng()) is None


@pytest.mark.parametrize(("draws", "level"), [(0, 0.95), (10, 0.0), (10, 1.0)])
def test_settings_out_of_range_are_refused(draws, level):
    with pytest.raises(DataError):
        bootstrap_interval(lambda index: 1.0, ["x", "y"], rng(), draws=draws, level=level)
