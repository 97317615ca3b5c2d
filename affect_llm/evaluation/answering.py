"""Puts annotated samples to the product, all in one run."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from affect_llm.errors import DataError
from affect_llm.evaluation.explainer import Explainer
from affect_llm.evaluation.log import PredictionLog
from affect_llm.evaluation.prediction import Prediction, prediction_of
from affect_llm.evaluation.suite import Suite
from affect_llm.pipeline import Source
from affect_llm.types import Modality, Sample

_FILE = {Modality.AUDIO: "audio", Modality.VISUAL: "image"}


def source_of(sample: Sample, modality: Modality) -> Source:
    """What of `sample` the product is given: its words, its recording or its picture.

    Raises:
        DataError: the sample has no such thing.
    """
    if modality is Modality.TEXT and sample.text:
        return Source(text=sample.text)
    path = sample.paths.get(_FILE.get(modality, ""))
    if path is None:
        raise DataError(f"The sample {sample.id} has no {modality} to measure with.")
    return Source(path=Path(path))


def answer(
    suite: Suite, samples: Sequence[Sample], explainer: Explainer, log: PredictionLog
) -> list[Prediction]:
    """Predictions for `samples`, in order; those in `log` are not asked again.

    Raises:
        DataError: the pipeline gave fewer outcomes than sources, or the log mixes models.
    """
    left = [sample for sample in samples if sample.id not in log.answered]
    if left:
        log.append(progress(_fresh(suite, left, explainer), suite.name, len(left)))
    missing = [sample.id for sample in samples if sample.id not in log.answered]
    if missing:
        raise DataError(f"{suite.name}: {len(missing)} samples got no outcome, first {missing[0]}.")
    predictions = [log.answered[sample.id] for sample in samples]
    models = {p.model for p in predictions if p.model is not None}
    if len(models) > 1:
        raise DataError(f"{log.path} mixes answers of {sorted(models)}. Delete it and run again.")
    return predictions


def _fresh(suite: Suite, samples: Sequence[Sample], explainer: Explainer) -> Iterator[Prediction]:
    outcomes = explainer.run(source_of(sample, suite.modality) for sample in samples)
    for sample, outcome in zip(samples, outcomes, strict=False):
        yield prediction_of(
            outcome,
            id=sample.id,
            group=sample.group,
            gold=str(sample.annotations[suite.annotation]),
            modality=suite.modality,
        )


def progress(predictions: Iterator[Prediction], name: str, total: int) -> Iterator[Prediction]:
    """The same predictions, counted on standard error."""
    for number, prediction in enumerate(predictions, start=1):
        if number % max(1, total // 20) == 0 or number == total:
            print(f"{name}: {number} of {total}", file=sys.stderr, flush=True)
        yield prediction
