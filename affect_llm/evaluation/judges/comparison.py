"""Two systems under one judge; scores of different judges are refused, not compared."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.evaluation.intervals import SEED
from affect_llm.evaluation.judges.agreement import Agreement, agreement
from affect_llm.evaluation.judges.describe import NAMES, DescriptionReport
from affect_llm.evaluation.judges.judgement import ASPECTS, Aspect, Judgement
from affect_llm.metrics.bootstrap import Statistic
from affect_llm.metrics.paired_bootstrap import paired_bootstrap
from affect_llm.types import Model

Scores = dict[str, tuple[float, str]]
"""Clip → its score and the sha256 of its reference."""


class Difference(Model):
    """First system minus second on the n clips that both have a score for.

    Args:
        value: difference of the means, -10 to 10.
        interval: of the paired bootstrap by clip; None with fewer than two clips.
        left_out: clips that only one of them has a score for.
    """

    value: float
    interval: tuple[float, float] | None
    n: int
    left_out: int


def compare(first: DescriptionReport, second: DescriptionReport) -> dict[str, Difference]:
    """Per score, how far the first system is above the second.

    Raises:
        DataError: the reports come from different judges or references, or share no clip.
    """
    if first.comparable != second.comparable:
        raise DataError(
            "These scores were given by different judges and cannot be compared: "
            f"'{first.comparable}' and '{second.comparable}'. Judge both with one of them."
        )
    return {NAMES[a]: _difference(_scores(first, a), _scores(second, a), a) for a in ASPECTS}


def repeatability(
    first: Sequence[Judgement], second: Sequence[Judgement]
) -> dict[Aspect, Agreement]:
    """How far one judge agrees with itself when the same pairs are judged again.

    Raises:
        DataError: the judgements come from different judges.
    """
    if len({judgement.judge.key for judgement in (*first, *second)}) > 1:
        raise DataError("These judgements come from different judges; self-agreement needs one.")
    again = {(j.aspect, j.id, j.texts): j.score for j in second}
    found: dict[Aspect, Agreement] = {}
    for aspect in ASPECTS:
        pairs = [
            (j.score, later)
            for j in first
            if j.aspect == aspect
            and j.score is not None
            and (later := again.get((j.aspect, j.id, j.texts))) is not None
        ]
        one, two = ([pair[n] for pair in pairs] for n in (0, 1))
        found[aspect] = agreement(one, two, "first time minus second time")
    return found


def _scores(report: DescriptionReport, aspect: Aspect) -> Scores:
    return {
        j.id: (j.score, j.texts[0])
        for j in report.judgements
        if j.aspect == aspect and j.score is not None
    }


def _difference(first: Scores, second: Scores, aspect: Aspect) -> Difference:
    common = [id_ for id_ in first if id_ in second]
    if not common:
        raise DataError(f"The two reports have no clip in common that both score for {aspect}.")
    other = [id_ for id_ in common if first[id_][1] != second[id_][1]]
    if other:
        raise DataError(
            f"{len(other)} clips were judged against other references, first {other[0]}. "
            "Judge both systems against the same file."
        )
    one, two = (np.array([s[id_][0] for id_ in common]) for s in (first, second))
    found = paired_bootstrap(_mean_of(one), _mean_of(two), common, np.random.default_rng(SEED))
    return Difference(
        value=float(one.mean() - two.mean()),
        interval=None if found is None else (found.low, found.high),
        n=len(common),
        left_out=len(first.keys() ^ second.keys()),
    )


def _mean_of(scores: NDArray[np.float64]) -> Statistic:
    return lambda items: float(scores[items].mean())
