"""Puts annotated samples to the product, all in one run."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from affect_llm.errors import DataError
from affect_llm.evaluation.log import PredictionLog, progress
from affect_llm.evaluation.prediction import Explainer, Prediction, Truth, prediction_of
from affect_llm.evaluation.suites.suite import Suite
from affect_llm.pipeline import Source
from affect_llm.types import Modality, Sample

_FILES = {Modality.AUDIO: ("video", "audio"), Modality.VISUAL: ("video", "image")}


def source_of(sample: Sample, modalities: tuple[Modality, ...]) -> Source | None:
    """What of `sample` the product is given: words, a recording, a picture; None if it has none.

    A recording is needed as soon as sound or sight is asked for; words beside it are its
    transcript.
    """
    text = sample.text if Modality.TEXT in modalities else None
    kinds = [kind for modality in modalities for kind in _FILES.get(modality, ())]
    if not kinds:
        return Source(text=text) if text else None
    path = next((sample.paths[kind] for kind in kinds if kind in sample.paths), None)
    return None if path is None else Source(path=Path(path), text=text or None)


def answer(
    suite: Suite,
    samples: Sequence[Sample],
    truths: Mapping[str, Truth],
    explainer: Explainer,
    log: PredictionLog,
) -> list[Prediction]:
    """Predictions for `samples`, in order; those in `log` are not asked again.

    Where the log holds answers, one of them is asked again: if what answers now is not what
    answered then, the log is put aside and begun anew.

    Raises:
        DataError: the pipeline gave fewer outcomes than sources, or it changed on the way.
    """
    wanted = suite.modalities
    digests = {sample.id: _digest(source_of(sample, wanted)) for sample in samples}

    def fresh(some: Sequence[Sample]) -> Iterator[Prediction]:
        sources = (source_of(sample, wanted) for sample in some)
        outcomes = explainer.run(source for source in sources if source is not None)
        for sample, outcome in zip(some, outcomes, strict=False):
            answer = prediction_of(outcome, id=sample.id, group="", gold="", modalities=wanted)
            dated = answer.model_copy(update={"asked": digests[sample.id]})
            yield _with_truth(dated, sample, truths[sample.id])

    known = [s for s in samples if _is_known(s, digests, log)]
    witness = [s for s in known if log.answered[s.id].made_by][:1]
    if any(again.made_by != log.answered[again.id].made_by for again in fresh(witness)):
        log.begin_anew()
    left = [sample for sample in samples if not _is_known(sample, digests, log)]
    if left:
        log.append(progress(fresh(left), suite.name, len(left)))
    missing = [sample.id for sample in samples if not _is_known(sample, digests, log)]
    if missing:
        raise DataError(f"{suite.name}: {len(missing)} samples got no outcome, first {missing[0]}.")
    predictions = [_with_truth(log.answered[s.id], s, truths[s.id]) for s in samples]
    makers = {p.model for p in predictions if p.model is not None}
    if len(makers) > 1:
        raise DataError(f"{log.path} mixes answers of {sorted(makers)}. Delete it and run again.")
    return predictions


def _is_known(sample: Sample, digests: Mapping[str, str], log: PredictionLog) -> bool:
    return sample.id in log.answered and log.answered[sample.id].asked == digests[sample.id]


def _with_truth(prediction: Prediction, sample: Sample, truth: Truth) -> Prediction:
    """What is true is read anew each time; a log may be older than a mended table."""
    return prediction.model_copy(
        update={"gold": truth.label, "truth": truth, "group": sample.group}
    )


def _digest(source: Source | None) -> str:
    if source is None:
        return ""
    size = source.path.stat().st_size if source.path and source.path.is_file() else ""
    name = source.path.name if source.path else ""
    return hashlib.sha256(f"{source.text}\n{name}\n{size}".encode()).hexdigest()[:12]
