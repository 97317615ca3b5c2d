"""Measures one suite: annotated items it was not trained on, through the product's own path."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from affect_llm.config import Settings
from affect_llm.datasets.fer2013 import unpack_fer2013
from affect_llm.datasets.registry import DATASETS
from affect_llm.errors import DataError
from affect_llm.evaluation.answering import answer
from affect_llm.evaluation.baselines import baseline
from affect_llm.evaluation.confidence import calibration_score
from affect_llm.evaluation.explainer import MakeExplainer
from affect_llm.evaluation.faithfulness import unfaithful_share
from affect_llm.evaluation.log import PredictionLog, head_of
from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.report import SuiteReport
from affect_llm.evaluation.scoring import METRICS, SEED, verdict_score
from affect_llm.evaluation.suite import Suite
from affect_llm.labels.sets import label_set
from affect_llm.types import Sample


def suite_settings(suite: Suite, settings: Settings) -> Settings:
    """The settings of a run, narrowed to what the suite asks; a face suite has no scene cues."""
    changes: dict[str, object] = {"labels": suite.labels, "modalities": (suite.modality,)}
    if suite.face is not None:
        changes |= {"face": suite.face, "scene": "off"}
    return settings.model_copy(update=changes)


def corpus_root(suite: Suite, data: Path, scratch: Path) -> Path:
    """The corpus' folder; pictures packed in one file are written below `scratch` first."""
    if suite.archive is None:
        return data / (suite.folder or "")
    root = scratch / suite.dataset
    unpack_fer2013(data / suite.archive, root)
    return root


def some(samples: Sequence[Sample], limit: int | None) -> list[Sample]:
    """All samples, or `limit` of them drawn without replacement, in their order."""
    if limit is None or limit >= len(samples):
        return list(samples)
    drawn = np.random.default_rng(SEED).choice(len(samples), size=limit, replace=False)
    return [samples[index] for index in sorted(drawn)]


def measure_suite(
    suite: Suite,
    data: Path,
    out: Path,
    settings: Settings,
    *,
    make: MakeExplainer,
    limit: int | None = None,
) -> tuple[SuiteReport, list[Prediction]]:
    """The report on `suite` and the predictions it rests on.

    Args:
        suite: what is measured.
        data: the folder that the suite's `folder` or `archive` is in.
        out: predictions are kept here; a run that was killed goes on where it was.
        settings: of the product, without the suite's own.
        make: builds the product.
        limit: at most so many items, drawn at random.

    Raises:
        AffectError: the data is not there, or the product cannot run.
    """
    left_out: Counter[str] = Counter()
    read, root = DATASETS.get(suite.dataset), corpus_root(suite, data, out)
    samples = some(list(read(root, suite.split, left_out)), limit)
    if not samples:
        raise DataError(f"{suite.name}: the part '{suite.split}' of {root} is empty.")
    training = list(read(root, suite.training_split, None))
    narrowed = suite_settings(suite, settings)
    head = head_of(suite.name, suite.model_dump_json(), narrowed)
    log = PredictionLog(out / f"{suite.name}.predictions.jsonl", head)
    predictions = answer(suite, samples, make(narrowed), log)
    baselines = tuple(baseline(name, suite, training, samples) for name in suite.baselines)
    report = suite_report(suite, predictions)
    return report.model_copy(
        update={"baselines": baselines, "left_out": dict(left_out)}
    ), predictions


def suite_report(suite: Suite, predictions: Sequence[Prediction]) -> SuiteReport:
    """Scores of the predictions, without baselines.

    Where no item at all gave evidence, nothing was measured: an extractor that is not installed
    is not one that is always wrong.
    """
    about = SuiteReport(
        name=suite.name,
        title=suite.title,
        cluster=suite.cluster,
        target=suite.target,
        references=suite.references,
        model=next((p.model for p in predictions if p.model), None),
    )
    if all(p.state in ("no_evidence", "failed") for p in predictions):
        reason = predictions[0].problem or "no evidence"
        return about.model_copy(update={"not_measured": f"no item gave evidence: {reason}"})
    labels = label_set(suite.labels)
    others = [name for name in METRICS if name != suite.metric]
    scores: dict[str, object] = {
        "groups": len({p.group for p in predictions}),
        "score": verdict_score(suite.metric, predictions, labels, shown=True),
        "leaning": verdict_score(suite.metric, predictions, labels, shown=False),
        "others": tuple(verdict_score(m, predictions, labels, shown=True) for m in others),
        "calibration": calibration_score(predictions),
        "unfaithful": unfaithful_share(predictions),
    }
    return about.model_copy(update=scores)
