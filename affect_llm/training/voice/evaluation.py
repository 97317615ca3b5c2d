"""How well the head does on speakers it never heard, read from the cue bank."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.catalogue import EMOTIONS
from affect_llm.errors import DataError
from affect_llm.training.voice.calibration import expected_calibration_error

_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Scored:
    """Labels (N,), probabilities (N, 8) and speakers (N,) of clips."""

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    speakers: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Result:
    """Unweighted average recall with its interval over speakers, calibration error, size."""

    uar: float
    interval: tuple[float, float]
    calibration_error: float
    clips: int
    speakers: int


def read_scored(bank: Path, corpus: str, split: str) -> Scored:
    """The scores of one corpus and split; labels that the head does not have are left out.

    Raises:
        DataError: the bank holds no such rows.
    """
    with bank.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    wanted = [r for r in rows if (r["corpus"], r["split"]) == (corpus, split)]
    wanted = [r for r in wanted if r["emotion"] in EMOTIONS]
    if not wanted:
        raise DataError(f"The bank {bank} holds no clips of {corpus}, {split}.")
    return Scored(
        labels=np.array([EMOTIONS.index(r["emotion"]) for r in wanted]),
        probabilities=np.array([_probabilities(r["measurements"]) for r in wanted]),
        speakers=np.array([r["speaker"] for r in wanted]),
    )


def evaluate(scored: Scored, seed: int = 0) -> Result:
    """Scores of `scored`; the 95 % interval resamples speakers, and clips within them."""
    right = scored.probabilities.argmax(axis=1)
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(scored.speakers == s) for s in np.unique(scored.speakers)]
    draws = [_resample(groups, rng) for _ in range(_RESAMPLES)]
    spread = np.percentile(
        [unweighted_recall(scored.labels[d], right[d]) for d in draws], (2.5, 97.5)
    )
    return Result(
        uar=unweighted_recall(scored.labels, right),
        interval=(float(spread[0]), float(spread[1])),
        calibration_error=expected_calibration_error(scored.probabilities, scored.labels),
        clips=len(right),
        speakers=len(groups),
    )


def unweighted_recall(labels: NDArray[np.int64], guesses: NDArray[np.int64]) -> float:
    """Mean over the classes among `labels` of the share of them that was found."""
    return float(np.mean([(guesses[labels == k] == k).mean() for k in np.unique(labels)]))


def _resample(groups: Sequence[NDArray[np.intp]], rng: np.random.Generator) -> NDArray[np.intp]:
    chosen = rng.integers(0, len(groups), len(groups))
    return np.concatenate([rng.choice(groups[g], len(groups[g])) for g in chosen])


def _probabilities(measurements: Sequence[dict[str, object]]) -> list[float]:
    by_name = {str(m["name"]): m["value"] for m in measurements}
    return [float(str(by_name.get(f"voice.{emotion}", 0.0))) for emotion in EMOTIONS]
