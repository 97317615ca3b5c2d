import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_answers import QUICK

from affect_llm.errors import DataError
from affect_llm.metrics.bootstrap import bootstrap_interval, bootstrap_values, central
from affect_llm.metrics.resamples import group_draws, grouped


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


@pytest.mark.parametrize(("undefined", "left"), [(1, 9), (2, None)])
def test_a_tenth_of_the_draws_may_be_undefined(undefined, left):
    answers = iter([None] * undefined + [1.0] * (10 - undefined))
    found = bootstrap_values(lambda items: next(answers), ["x", "y"], rng(), draws=10)
    assert (found and len(found)) == left


@pytest.mark.parametrize(("draws", "level"), [(0, 0.95), (10, 0.0), (10, 1.0)])
def test_settings_out_of_range_are_refused(draws, level):
    with pytest.raises(DataError) as caught:
        bootstrap_interval(lambda index: 1.0, ["x", "y"], rng(), draws=draws, level=level)
    assert str(caught.value) == (
        f"A bootstrap needs draws >= 1 and 0 < level < 1, not {draws}, {level}."
    )


def test_a_thousand_draws_and_95_percent_are_the_defaults():
    drawn = []

    def rank(items):
        drawn.append(items)
        return float(len(drawn))

    # of 1..1000, the quantiles .025 and .975
    found = bootstrap_interval(rank, ["x", "y"], rng())
    assert found == pytest.approx((1 + 0.025 * 999, 1 + 0.975 * 999))


def test_one_draw_is_an_interval():
    assert bootstrap_interval(lambda items: 0.5, ["x", "y"], rng(), draws=1) == (0.5, 0.5)


def test_central_quantiles_by_hand():
    # of 0, 1, 2, 3, 4 the quarters are 1 and 3
    assert central([4, 0, 3, 1, 2], 0.5) == (1.0, 3.0)


def test_groups_in_order_of_appearance():
    found = grouped(["y", "x", "y", "z", "x", "y"])
    assert found.code.tolist() == [0, 1, 0, 2, 1, 0]
    assert found.order.tolist() == [0, 2, 5, 1, 4, 3]
    assert (found.start.tolist(), found.size.tolist()) == ([0, 3, 5], [3, 2, 1])
    assert found.items(np.array([1, 0, 1])).tolist() == [1, 4, 0, 2, 5, 1, 4]


def test_items_of_a_group_stay_in_order_however_many():
    found = grouped([str(i % 3) for i in range(3000)])
    assert found.items(np.array([1])).tolist() == list(range(1, 3000, 3))


@QUICK
@given(st.lists(st.sampled_from("vwxyz"), min_size=1), st.integers(0, 99))
def test_draws_are_those_of_a_plain_loop(groups, seed):
    members = {}
    for item, group in enumerate(groups):
        members.setdefault(group, []).append(item)
    lists = list(members.values())
    plain, ours = np.random.default_rng(seed), np.random.default_rng(seed)
    found = list(group_draws(grouped(groups), ours, 3))
    assert len(found) == 3
    for items in found:
        drawn = plain.integers(len(lists), size=len(lists))
        assert items.tolist() == [item for group in drawn for item in lists[group]]


def test_no_draws_are_refused():
    with pytest.raises(DataError, match=r"^Resampling needs 1 draw or more, not 0."):
        next(group_draws(grouped(["x"]), rng(), 0))
    assert len(list(group_draws(grouped(["x"]), rng(), 1))) == 1
