"""Temperatures from held-out answers.

Temperature scaling (Guo et al. 2017, arXiv 1706.04599, section 4.2): one positive number per
situation, chosen to make the held-out labels most likely; and offsets per label (vector scaling)
where a named label set has held-out answers of its own.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from affect_llm.errors import DataError
from affect_llm.prompting.calibration import ANY, Calibration

BOUNDS = (0.05, 20.0)
"""Temperatures outside say that the data, not the model, is off."""
OFFSET_SD = 1.0
FEWEST = 50
"""A situation with fewer held-out answers than this is served by the pooled temperature."""
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A model's answer to an item that it was not trained on.

    Args:
        key: from `prompting.calibration.situation`.
        logprobs: natural-log probability of each label.
        gold: the right label, one of them.
    """

    key: str
    logprobs: Mapping[str, float]
    gold: str


def fit_calibration(
    answers: Iterable[HeldOut],
    fitted_on: str,
    fewest: int = FEWEST,
    particular: Iterable[HeldOut] = (),
) -> Calibration:
    """One temperature per situation that has `fewest` answers, and "*" from all of them.

    Args:
        answers: from data that was used neither for training nor for choosing a model.
        fitted_on: says which data that was.
        fewest: see `FEWEST`.
        particular: answers under one named label set each, with that set's own mix of labels;
            their keys get offsets beside the temperature.

    Raises:
        DataError: there are no answers, or a gold label is not among the labels scored.
    """
    groups = _by_key(answers)
    pooled = [answer for group in groups.values() for answer in group]
    temperatures = {ANY: fit_temperature(pooled)}
    for key, group in sorted(groups.items()):
        if len(group) >= fewest:
            temperatures[key] = fit_temperature(group)
    offsets: dict[str, dict[str, float]] = {}
    for key, group in _by_key(particular).items():
        if len(group) >= fewest:
            temperatures[key], offsets[key] = fit_offsets(group)
    return Calibration(temperatures=temperatures, offsets=offsets, fitted_on=fitted_on)


def fit_offsets(answers: Sequence[HeldOut]) -> tuple[float, dict[str, float]]:
    """Temperature and offsets that minimise the negative log-likelihood plus a ridge.

    The ridge is a normal prior of mean 0 and standard deviation `OFFSET_SD` on each offset, so
    that a label seen a handful of times moves little.

    Raises:
        DataError: there are no answers, they score different labels, or a gold label is unknown.
    """
    from scipy.optimize import minimize

    labels = list(answers[0].logprobs)
    if any(list(answer.logprobs) != labels for answer in answers):
        raise DataError("Offsets need answers that all score the same labels.")
    scores, gold = _as_arrays(answers)

    def loss(point: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        scaled = scores / math.exp(point[0]) + point[1:]
        top = scaled.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(scaled - top).sum(axis=1))
        ridge = 0.5 * float((point[1:] ** 2).sum()) / OFFSET_SD**2
        return float((total - scaled[np.arange(len(gold)), gold]).sum()) + ridge

    found = minimize(loss, np.zeros(len(labels) + 1), method="L-BFGS-B").x
    return math.exp(found[0]), dict(zip(labels, found[1:].tolist(), strict=True))


def _by_key(answers: Iterable[HeldOut]) -> dict[str, list[HeldOut]]:
    groups: dict[str, list[HeldOut]] = defaultdict(list)
    for answer in answers:
        groups[answer.key].append(answer)
    return groups


def fit_temperature(answers: Sequence[HeldOut]) -> float:
    """The temperature within `BOUNDS` that minimises the mean negative log-likelihood.

    The loss is convex in 1/T, so it has one valley in log T and golden-section search finds it.

    Raises:
        DataError: there are no answers, or a gold label is not among the labels scored.
    """
    if not answers:
        raise DataError("A temperature cannot be fitted without held-out answers.")
    scores, gold = _as_arrays(answers)

    def loss(log_temperature: float) -> float:
        scaled = scores / math.exp(log_temperature)
        top = scaled.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(scaled - top).sum(axis=1))
        return float((total - scaled[np.arange(len(gold)), gold]).mean())

    return math.exp(_lowest(loss, math.log(BOUNDS[0]), math.log(BOUNDS[1])))


def _as_arrays(
    answers: Sequence[HeldOut],
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], list[int]]:
    """Scores (n, most labels), padded with -inf, and the gold columns (n,)."""
    width = max(len(answer.logprobs) for answer in answers)
    scores = np.full((len(answers), width), -np.inf)
    gold = []
    for row, answer in enumerate(answers):
        if answer.gold not in answer.logprobs:
            raise DataError(
                f"The gold label '{answer.gold}' is not among the labels that were scored: "
                f"{', '.join(answer.logprobs)}."
            )
        scores[row, : len(answer.logprobs)] = list(answer.logprobs.values())
        gold.append(list(answer.logprobs).index(answer.gold))
    return scores, gold


def _lowest(loss: Callable[[float], float], low: float, high: float) -> float:
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    while high - low > 1e-6:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = loss(right)
    return (low + high) / 2
