"""Measures one suite: annotated items it was not trained on, through the product's own path."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from affect_llm.config import Settings
from affect_llm.evaluation.answers import answer
from affect_llm.evaluation.baselines import baselines
from affect_llm.evaluation.confidence import calibration_score
from affect_llm.evaluation.explainer import MakeExplainer
from affect_llm.evaluation.faithfulness import unfaithful_share
from affect_llm.evaluation.log import LogHead, PredictionLog, head_of
from affect_llm.evaluation.parts import corpus_root, measured_part, training_part
from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.report import SuiteReport
from affect_llm.evaluation.suite import Suite
from affect_llm.evaluation.suite_tasks import METRICS
from affect_llm.evaluation.tasks.registry import scores_of
from affect_llm.evaluation.tasks.task_scores import TaskScores, task_scores
from affect_llm.types import Modality, Sample


def suite_settings(suite: Suite, settings: Settings) -> Settings:
    """The settings of a run, narrowed to what the suite asks; pictures of faces have no scene."""
    changes: dict[str, object] = {"labels": suite.labels, "modalities": suite.modalities}
    if suite.modalities == (Modality.VISUAL,):
        changes["scene"] = "off"
    if suite.face is not None:
        changes["face"] = suite.face
    return settings.model_copy(update=changes)


def suite_head(suite: Suite, settings: Settings) -> LogHead:
    """What an answer depends on, besides its item and the product: not how it is scored."""
    about = suite.model_dump_json(include={"name", "dataset", "where", "modalities"})
    return head_of(suite.name, about, settings)


def measure_suite(
    suite: Suite,
    data: Path,
    out: Path,
    settings: Settings,
    *,
    make: MakeExplainer,
    limit: int | None = None,
    split: str | None = None,
    trained_too: bool = False,
    vocabulary: Path | None = None,
) -> tuple[SuiteReport, list[Prediction]]:
    """The report on `suite` and the predictions it rests on.

    Args:
        suite: what is measured.
        data: the corpus in its official layout, or the folder that the suite's `folder` is in.
        out: predictions are kept here; a run that was killed goes on where it was.
        settings: of the product, without the suite's own.
        make: builds the product.
        limit: at most so many items, drawn at random.
        split: instead of the suite's own; "all" for all of them.
        trained_too: also measure items that a shipped model learned from.
        vocabulary: folder of the official emotion wheels, for tasks with open labels.

    Raises:
        AffectError: the data is not there, or the product cannot run.
    """
    part, left_out = split or suite.split, Counter[str]()
    suite = _without_tables(suite) if vocabulary is None else suite
    task = scores_of(suite, vocabulary)
    root = corpus_root(suite, data, out)
    samples = measured_part(suite, root, part, left_out, limit=limit, trained_too=trained_too)
    training, why = training_part(suite, root, part)
    predictions = _answers(suite, task, samples, out, suite_settings(suite, settings), make)
    about = {"split": part, "left_out": dict(left_out), "without_training": why}
    report = suite_report(suite, task, predictions).model_copy(update=about)
    if report.not_measured is None:
        found = baselines(suite, task, samples, predictions, training)
        report = report.model_copy(update={"baselines": tuple(found)})
    return report, predictions


def _answers(
    suite: Suite,
    task: TaskScores,
    samples: Sequence[Sample],
    out: Path,
    settings: Settings,
    make: MakeExplainer,
) -> list[Prediction]:
    truths = {sample.id: task.truth(sample, suite) for sample in samples}
    log = PredictionLog.of(out, suite_head(suite, settings))
    return answer(suite, samples, truths, make(settings), log)


def _without_tables(suite: Suite) -> Suite:
    """The suite scored with the own vocabulary, where the official tables were not given."""
    if suite.task not in ("open-set", "hit-rate"):
        return suite
    return suite.model_copy(update={"metric": "own", "references": ()})


def suite_report(suite: Suite, task: TaskScores, predictions: Sequence[Prediction]) -> SuiteReport:
    """Scores of the predictions, without baselines.

    Where no item at all gave evidence, nothing was measured: an extractor that is not installed
    is not one that is always wrong.
    """
    about = SuiteReport(
        name=suite.name,
        title=suite.title,
        task=suite.task,
        cluster=suite.cluster,
        target=suite.target,
        references=suite.references,
        held_out=suite.held_out,
        note=suite.note,
        model=next((p.model for p in predictions if p.model), None),
    )
    if all(p.state in ("no_evidence", "failed") for p in predictions):
        reason = predictions[0].problem or "no evidence"
        return about.model_copy(update={"not_measured": f"no item gave evidence: {reason}"})
    others = [name for name in METRICS[suite.task] if name != suite.metric]
    score, *rest = task_scores(task, [suite.metric, *others], predictions)
    (leaning,) = task_scores(task, [suite.metric], predictions, shown=False)
    scores: dict[str, object] = {
        "groups": len({p.group for p in predictions}),
        "score": score,
        "leaning": leaning,
        "others": tuple(rest),
        "calibration": calibration_score(predictions) if suite.task == "closed-set" else None,
        "unfaithful": unfaithful_share(predictions),
    }
    return about.model_copy(update=scores)
