"""Temperatures for the adapter, where the validation part is large enough to fit any."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from affect_llm.labels.sets import SETS
from affect_llm.prompting.calibration import Calibration, situation
from affect_llm.prompting.evidence import log_scores
from affect_llm.training.calibration import FEWEST, HeldOut, fit_calibration
from affect_llm.training.sft.cases import Case
from affect_llm.training.sft.label_scores import LogProbs
from affect_llm.types import Modality


def calibrated(
    cases: Sequence[Case],
    scored: Sequence[LogProbs],
    fitted_on: str,
    hidden: Collection[Modality] = (),
) -> Calibration | None:
    """A calibration of the adapter's label probabilities; None for fewer than `FEWEST` cases.

    Args:
        cases: of the validation part.
        scored: the adapter's log probabilities of their labels.
        fitted_on: says which data that was.
        hidden: modalities whose cues were not shown; their scores are not pooled.
    """
    if len(cases) < FEWEST:
        return None
    answers = [
        _held_out(case, logprobs, hidden) for case, logprobs in zip(cases, scored, strict=True)
    ]
    named = [
        replace(answer, key=f"{name}:{answer.key}")
        for case, answer in zip(cases, answers, strict=True)
        for name, labels in SETS.items()
        if labels == case.labels
    ]
    return fit_calibration(answers, fitted_on, particular=named)


def _held_out(case: Case, logprobs: LogProbs, hidden: Collection[Modality]) -> HeldOut:
    key = situation(frozenset(cue.modality for cue in case.sheet.cues))
    gold = max((g for g in case.row.golds), key=lambda label: logprobs[label])
    evidence = log_scores(case.sheet, case.labels, hidden)
    return HeldOut(key, logprobs, gold, evidence, case.row.cluster)
