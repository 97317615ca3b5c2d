"""Explanations against explanations that people wrote, judged by rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from affect_llm.config import Settings
from affect_llm.errors import DataError
from affect_llm.evaluation.judges.describe import NAMES, judge_descriptions
from affect_llm.evaluation.judges.judge import Judge
from affect_llm.evaluation.judges.registry import open_judge
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.suite import Suite
from affect_llm.evaluation.tasks.task_scores import Again, Constant, Index, Values
from affect_llm.types import Sample


@dataclass(frozen=True, slots=True)
class EmerScores:
    """Mean overlap of clues and of emotion words with a reference description, 0 to 10."""

    judge: Judge

    def truth(self, sample: Sample, suite: Suite) -> Truth:
        """The reference description."""
        text = sample.annotations.get(suite.annotation)
        if not isinstance(text, str) or not text.strip():
            raise DataError(f"{suite.name}: the item {sample.id} has no {suite.annotation}.")
        return Truth(text=text)

    def values(
        self, predictions: Sequence[Prediction], names: Sequence[str], *, shown: bool
    ) -> Again:
        """Mean of the judgements that could be made; an empty description scores 0."""
        keys = [str(n) for n in range(len(predictions))]
        gold = {k: p.truth.text or "" for k, p in zip(keys, predictions, strict=True)}
        told = {k: _told(p, shown) for k, p in zip(keys, predictions, strict=True)}
        report = judge_descriptions(gold, told, self.judge)
        columns = {name: np.full(len(predictions), np.nan) for name in NAMES.values()}
        for one in report.judgements:
            if one.score is not None:
                columns[NAMES[one.aspect]][int(one.id)] = one.score

        def again(index: Index) -> Values:
            return {name: _mean(columns[name][index]) for name in names}

        return again

    def skipped(self, predictions: Sequence[Prediction]) -> dict[str, int]:
        """Nothing beside what showed no verdict."""
        return {}

    def constants(self, training: Sequence[Sample], suite: Suite) -> Mapping[str, Constant]:
        """None: no description fits every clip."""
        return {}


def _told(prediction: Prediction, shown: bool) -> str:
    """The explanation with the verdict; empty where there is no verdict to show."""
    label = prediction.shown if shown else prediction.leaning
    if label is None:
        return ""
    words = ", ".join((label, *prediction.open_labels))
    return " ".join((*(s.text for s in prediction.explanation), f"The cues suggest {words}."))


def _mean(scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    known = scores[~np.isnan(scores)]
    return float(known.mean()) if len(known) else None


def emer_scores(suite: Suite) -> EmerScores:
    """Judged by rules, which never change; `affect_llm.evaluation.judges` has other judges."""
    return EmerScores(open_judge("rules", Settings()))
