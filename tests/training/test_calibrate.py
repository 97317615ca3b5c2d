import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from affect_llm.errors import DataError
from affect_llm.metrics.calibration_error import expected_calibration_error
from affect_llm.prompting.calibration import ANY, softmax
from affect_llm.training.calibration import (
    BOUNDS,
    HeldOut,
    fit,
    fit_calibration,
    offsets_help,
)

LABELS = ("anger", "joy", "neutral")


def overconfident(key: str, factor: float, n: int, seed: int) -> list[HeldOut]:
    """Answers whose scores are `factor` times too sharp for how the gold labels were drawn."""
    rng = np.random.default_rng(seed)
    answers = []
    for _ in range(n):
        true = {label: float(s) for label, s in zip(LABELS, rng.normal(0, 1.5, 3), strict=True)}
        gold = str(rng.choice(LABELS, p=list(softmax(true).values())))
        sharp = softmax({label: factor * score for label, score in true.items()})
        answers.append(HeldOut(key, {k: math.log(p) for k, p in sharp.items()}, gold))
    return answers


def test_temperature_by_hand() -> None:
    # Two labels at odds 9:1 (logits log 9, 0), right 3 times of 4: the best odds are 3:1, so
    # log 9 / T = log 3 and T = 2.
    logprobs = {"joy": math.log(0.9), "anger": math.log(0.1)}
    answers = [HeldOut("text", logprobs, gold) for gold in ("joy", "joy", "joy", "anger")]
    assert fit(answers, offsets=False).temperature == pytest.approx(2.0, abs=1e-2)


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_factor_of_overconfidence_is_recovered(factor: float) -> None:
    assert fit(overconfident("text", factor, 4000, 1), offsets=False).temperature == pytest.approx(
        factor, rel=0.1
    )


def test_each_situation_has_its_own_and_small_ones_the_pooled() -> None:
    answers = [
        *overconfident("text", 1.0, 2000, 2),
        *overconfident("audio", 4.0, 2000, 3),
        *overconfident("visual", 9.0, 10, 4),
    ]
    fitted = fit_calibration(answers, "made up")
    assert set(fitted.temperatures) == {ANY, "text", "audio"}
    assert fitted.temperatures["text"] < fitted.temperatures[ANY] < fitted.temperatures["audio"]
    assert fitted.fitted_on == "made up"


def test_calibration_lowers_the_calibration_error() -> None:
    fitted = fit_calibration(overconfident("text", 3.0, 3000, 5), "made up")
    fresh = overconfident("text", 3.0, 3000, 6)
    right = [max(a.logprobs, key=a.logprobs.__getitem__) == a.gold for a in fresh]
    before = expected_calibration_error([math.exp(max(a.logprobs.values())) for a in fresh], right)
    after = expected_calibration_error(
        [max(fitted.apply(dict(a.logprobs), ("text",)).values()) for a in fresh], right
    )
    assert before is not None
    assert after is not None
    assert before > 0.1
    assert after < 0.04


def test_always_right_sharpens_within_the_bounds() -> None:
    answers = [HeldOut("text", {"joy": math.log(0.9), "anger": math.log(0.1)}, "joy")]
    assert BOUNDS[0] <= fit(answers, offsets=False).temperature < 0.5


def test_label_sets_may_differ_between_answers() -> None:
    answers = [*overconfident("text", 2.0, 500, 7)]
    two = {"joy": math.log(0.5), "anger": math.log(0.5)}
    mixed = [*answers, HeldOut("text", two, "joy")]
    assert fit(mixed, offsets=False).temperature == pytest.approx(
        fit(answers, offsets=False).temperature, rel=0.01
    )


def test_nothing_and_unknown_gold_are_refused() -> None:
    with pytest.raises(DataError, match="held-out"):
        fit_calibration([], "nothing")
    with pytest.raises(DataError, match="'fear'"):
        fit([HeldOut("text", {"joy": 0.0}, "fear")], offsets=False)


def test_planted_offsets_and_temperature_are_recovered() -> None:
    rng = np.random.default_rng(0)
    true = np.array([1.5, -1.0, 0.0])
    answers = []
    for _ in range(4000):
        scores = rng.normal(0, 2, 3)
        probable = np.exp(scores / 2 + true)
        gold = rng.choice(3, p=probable / probable.sum())
        answers.append(HeldOut("set:text", dict(zip("abc", scores, strict=True)), "abc"[gold]))
    found = fit(answers, offsets=True)
    offsets = found.offsets
    assert found.temperature == pytest.approx(2.0, rel=0.15)
    assert offsets["a"] - offsets["b"] == pytest.approx(2.5, abs=0.3)


def test_offsets_serve_only_their_own_set() -> None:
    answers = [HeldOut("text", {"a": -0.1, "b": -2.0}, "a")] * 60
    own = [HeldOut("mine:text", {"a": -0.5, "b": -0.9}, "b")] * 60
    fitted = fit_calibration(answers, "toy", particular=own)
    scores = {"a": -0.5, "b": -0.9}
    assert fitted.apply(scores, ("mine:text", "text"))["b"] > 0.5
    assert fitted.apply(scores, ("other:text", "text"))["a"] > 0.5


def drawn(shift: float, count: int, seed: int) -> list[HeldOut]:
    """Answers of a model that slights the first of six labels by `shift`."""
    rng = np.random.default_rng(seed)
    answers = []
    for _ in range(count):
        scores = rng.normal(0, 1.5, 6)
        probable = np.exp(scores + shift * (np.arange(6) == 0))
        gold = rng.choice(6, p=probable / probable.sum())
        logprobs = dict(zip("abcdef", scores, strict=True))
        answers.append(HeldOut("set:audio", logprobs, "abcdef"[gold]))
    return answers


def test_offsets_are_fitted_where_a_label_is_plainly_slighted() -> None:
    assert offsets_help(drawn(shift=3.0, count=120, seed=0))


def test_offsets_are_not_fitted_to_what_a_few_answers_seem_to_ask_for() -> None:
    assert not any(offsets_help(drawn(shift=0.0, count=120, seed=seed)) for seed in range(8))


def test_offsets_that_only_some_speakers_ask_for_are_not_fitted() -> None:
    def spoken(shifts: Sequence[float]) -> list[HeldOut]:
        parts = [(n, drawn(shift, count=40, seed=n)) for n, shift in enumerate(shifts)]
        return [replace(a, group=f"speaker {n}") for n, answers in parts for a in answers]

    assert offsets_help(spoken([3.0] * 6))
    assert not offsets_help(spoken([3.0, -3.0] * 3))
    assert not offsets_help(spoken([3.0] * 2))  # two speakers say nothing of a third
