"""Temperatures from held-out answers.

Temperature scaling (Guo et al. 2017, arXiv 1706.04599, section 4.2): one positive number per
situation, chosen to make the held-out labels most likely; and offsets per label (vector scaling)
where a named label set has held-out answers of its own.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.prompting.calibration import ANY, Calibration

Table = NDArray[np.float64]
BOUNDS = (0.05, 20.0)
"""A temperature outside these bounds says that the data, not the model, is off."""
PRIOR_SD = 1.0
"""A weight or an offset of 1 moves odds by e: what a handful of answers asks for stays below."""
FEWEST_GROUPS = 5
"""Fewer speakers than this cannot show what they have in common with others."""
_FOLDS = 5
"""Parts of a cross-validation: four fifths of the answers stay to fit on, as is usual."""
FEWEST = 50
"""A situation with fewer held-out answers than this is served by the pooled temperature."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A model's answer to an item that it was not trained on.

    Args:
        key: from `prompting.calibration.situation`.
        logprobs: natural-log probability of each label.
        gold: the right label, one of them.
        evidence: the cues' own log score of each label; empty where there are no scores.
        group: speaker, dialogue …; answers of one group are alike.
    """

    key: str
    logprobs: Mapping[str, float]
    gold: str
    evidence: Mapping[str, float] = field(default_factory=dict)
    group: str = ""


def fit_calibration(
    answers: Iterable[HeldOut], fitted_on: str, particular: Iterable[HeldOut] = ()
) -> Calibration:
    """One temperature per situation that has `FEWEST` answers, and "*" from all of them.

    Args:
        answers: from data that was used neither for training nor for choosing a model.
        fitted_on: says which data that was.
        particular: answers under one named label set each, with that set's own mix of labels;
            their keys get offsets beside the temperature.

    Raises:
        DataError: there are no answers, or a gold label is not among the labels scored.
    """
    by_key = _by_key(answers)
    fits = {ANY: fit([a for group in by_key.values() for a in group], offsets=False)}
    for key, group in sorted(by_key.items()):
        if len(group) >= FEWEST:
            fits[key] = fit(group, offsets=False)
    for key, group in sorted(_by_key(particular).items()):
        if len(group) >= FEWEST:
            fits[key] = fit(group, offsets=offsets_help(group))
    return Calibration(
        temperatures={key: f.temperature for key, f in fits.items()},
        offsets={key: f.offsets for key, f in fits.items() if f.offsets},
        pooling={key: f.pooling for key, f in fits.items() if f.pooling},
        fitted_on=fitted_on,
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted temperature, the weight of the cues' own scores, and offsets by label, if any."""

    temperature: float
    pooling: float
    offsets: dict[str, float]

    def scores(self, answer: HeldOut) -> dict[str, float]:
        """The unnormalised log probability of each label."""
        return {
            label: value / self.temperature
            + self.offsets.get(label, 0.0)
            + self.pooling * answer.evidence.get(label, 0.0)
            for label, value in answer.logprobs.items()
        }

    def right(self, answer: HeldOut) -> bool:
        """Whether the most probable label is the gold one."""
        scores = self.scores(answer)
        return max(scores, key=lambda label: scores[label]) == answer.gold


def fit(answers: Sequence[HeldOut], *, offsets: bool) -> Fit:
    """The fit that minimises the negative log-likelihood plus a ridge.

    The ridge is a normal prior of mean 0 on the pooling weight and on each offset, of standard
    deviation `PRIOR_SD`, so that a label seen a handful of times moves little.

    Args:
        answers: with the same labels throughout where `offsets` are fitted.
        offsets: whether labels get offsets.

    Raises:
        DataError: there are no answers, or a gold label is not among the labels scored.
    """
    from scipy.optimize import minimize

    if not answers:
        raise DataError("A calibration cannot be fitted without held-out answers.")
    scores, evidence, gold = _as_arrays(answers)
    labels = list(answers[0].logprobs) if offsets else []

    def loss(point: NDArray[np.float64]) -> float:
        scaled = scores / math.exp(point[0]) + point[1] * evidence
        if offsets:
            scaled = scaled + point[2:]
        top = scaled.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(scaled - top).sum(axis=1))
        ridge = 0.5 * float((point[1:] ** 2).sum()) / PRIOR_SD**2
        return float((total - scaled[np.arange(len(gold)), gold]).sum()) + ridge

    low, high = (math.log(bound) for bound in BOUNDS)
    bounds = [(low, high), (0.0, None), *[(None, None)] * len(labels)]
    best = minimize(loss, np.zeros(len(bounds)), method="L-BFGS-B", bounds=bounds).x.tolist()
    return Fit(math.exp(best[0]), best[1], dict(zip(labels, best[2:], strict=True)))


def offsets_help(answers: Sequence[HeldOut]) -> bool:
    """Whether offsets that were fitted on other groups mend clearly more answers than they spoil.

    Clearly: by more than two standard deviations of what chance would do to as many changed
    answers (McNemar 1947). Offsets that only some speakers' answers ask for make the answers to
    others worse, so of a handful of groups (`FEWEST_GROUPS`) none are fitted.
    """
    groups = sorted({answer.group for answer in answers})
    if 1 < len(groups) < FEWEST_GROUPS:
        return False
    # Answers are held out by whole groups; one by one where there is a single group.
    keys = [groups.index(a.group) if len(groups) > 1 else n for n, a in enumerate(answers)]
    folds = ({n for n, key in enumerate(keys) if key % _FOLDS == fold} for fold in range(_FOLDS))
    mended = spoilt = 0
    for held in filter(None, folds):
        rest = [a for n, a in enumerate(answers) if n not in held]
        plain, shifted = fit(rest, offsets=False), fit(rest, offsets=True)
        for answer in (answers[n] for n in held):
            before, after = plain.right(answer), shifted.right(answer)
            mended += after and not before
            spoilt += before and not after
    return mended - spoilt > 2 * math.sqrt(mended + spoilt)


def _by_key(answers: Iterable[HeldOut]) -> dict[str, list[HeldOut]]:
    groups: dict[str, list[HeldOut]] = defaultdict(list)
    for answer in answers:
        groups[answer.key].append(answer)
    return groups


def _as_arrays(answers: Sequence[HeldOut]) -> tuple[Table, Table, list[int]]:
    """Scores (n, most labels) padded with -inf, evidence padded with 0, and gold columns (n,)."""
    width = max(len(answer.logprobs) for answer in answers)
    scores = np.full((len(answers), width), -np.inf)
    evidence = np.zeros((len(answers), width))
    gold = []
    for row, answer in enumerate(answers):
        labels = list(answer.logprobs)
        if answer.gold not in labels:
            raise DataError(
                f"The gold label '{answer.gold}' is not among the labels that were scored: "
                f"{', '.join(labels)}."
            )
        scores[row, : len(labels)] = list(answer.logprobs.values())
        evidence[row, : len(labels)] = [answer.evidence.get(label, 0.0) for label in labels]
        gold.append(labels.index(answer.gold))
    return scores, evidence, gold
