"""How well the head does on speakers it never heard, read from the cue bank."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.kinds import EMOTIONS
from affect_llm.errors import DataError
from affect_llm.metrics import recall
from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.metrics.calibration_error import expected_calibration_error
from affect_llm.metrics.confusion import answer_codes, counted

_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Scored:
    """Labels (N,), probabilities (N, 8) and speakers (N,) of clips."""

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    speakers: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Result:
    """Unweighted average recall with its interval over speakers, calibration error, size.

    None where it is not defined: a single speaker has no interval.
    """

    uar: float | None
    interval: tuple[float, float] | None
    calibration_error: float | None
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
    """Scores of `scored`; the 95 % interval resamples speakers."""
    guesses = scored.probabilities.argmax(axis=1)
    codes = _codes(scored.labels, guesses)
    speakers = scored.speakers.tolist()
    interval = bootstrap_interval(
        lambda drawn: recall.unweighted_recall(counted(codes[drawn], len(EMOTIONS))),
        speakers,
        np.random.default_rng(seed),
        draws=_DRAWS,
    )
    error = expected_calibration_error(
        scored.probabilities.max(axis=1).tolist(), (guesses == scored.labels).tolist()
    )
    return Result(
        uar=unweighted_recall(scored.labels, guesses),
        interval=interval,
        calibration_error=error,
        clips=len(guesses),
        speakers=len(set(speakers)),
    )


def unweighted_recall(labels: NDArray[np.int64], guesses: NDArray[np.int64]) -> float | None:
    """Mean over the emotions among `labels` of the share of them that was found."""
    return recall.unweighted_recall(counted(_codes(labels, guesses), len(EMOTIONS)))


def _codes(labels: NDArray[np.int64], guesses: NDArray[np.int64]) -> NDArray[np.intp]:
    gold, found = ([EMOTIONS[k] for k in part] for part in (labels, guesses))
    return answer_codes(gold, found, EMOTIONS)


def _probabilities(measurements: Sequence[dict[str, object]]) -> list[float]:
    by_name = {str(m["name"]): m["value"] for m in measurements}
    return [float(str(by_name.get(f"voice.{emotion}", 0.0))) for emotion in EMOTIONS]
