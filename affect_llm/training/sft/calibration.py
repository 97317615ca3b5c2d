"""Temperatures for the adapter, where the validation part is large enough to fit any."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from affect_llm.labels.sets import SETS
from affect_llm.prompting.calibration import Calibration, log_scores, situation
from affect_llm.training.calibration import FEWEST, HeldOut, fit_calibration
from affect_llm.training.sft.label_scores import LogProbs
from affect_llm.training.sft.samples import TrainingSample
from affect_llm.types import Modality


def calibrated(
    samples: Sequence[TrainingSample],
    scored: Sequence[LogProbs],
    fitted_on: str,
    hidden: Collection[Modality] = (),
) -> Calibration | None:
    """A calibration of the adapter's label probabilities; None for fewer than `FEWEST` samples.

    Args:
        samples: of the validation part.
        scored: the adapter's log probabilities of their labels.
        fitted_on: says which data that was.
        hidden: modalities whose cues were not shown; their scores are not pooled.
    """
    if len(samples) < FEWEST:
        return None
    answers = [
        HeldOut(
            situation(frozenset(cue.modality for cue in sample.sheet.cues)),
            logprobs,
            max(sample.row.golds, key=lambda label: logprobs[label]),
            log_scores(sample.sheet, sample.labels, hidden),
            sample.row.cluster,
        )
        for sample, logprobs in zip(samples, scored, strict=True)
    ]
    named = [
        replace(answer, key=f"{name}:{answer.key}")
        for sample, answer in zip(samples, answers, strict=True)
        for name, labels in SETS.items()
        if labels == sample.labels
    ]
    return fit_calibration(answers, fitted_on, particular=named)
