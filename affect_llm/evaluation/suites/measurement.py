"""Measures one suite: annotated items it was not trained on, through the product's own path."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from affect_llm.config import Settings
from affect_llm.evaluation.intervals import draws_for, intervals
from affect_llm.evaluation.log import LogHead, PredictionLog, head_of
from affect_llm.evaluation.prediction import MakeExplainer, Prediction
from affect_llm.evaluation.prediction_scores import calibration_score, unfaithful_share
from affect_llm.evaluation.report import SuiteReport
from affect_llm.evaluation.score_report import Scores, spans_of, values_of
from affect_llm.evaluation.scores import Learned, score_pairs
from affect_llm.evaluation.suites.answers import answer
from affect_llm.evaluation.suites.metrics import LEARNED, METRICS, baseline_title
from affect_llm.evaluation.suites.parts import corpus_root, measured_part, training_part
from affect_llm.evaluation.suites.suite import Suite
from affect_llm.evaluation.suites.suite_task import pairs_of, task_of, truth_of
from affect_llm.evaluation.suites.tfidf import tfidf_labels
from affect_llm.evaluation.tasks.closed_set import ClosedAnswer
from affect_llm.evaluation.tasks.task import AnySuiteTask
from affect_llm.locks import sole_run
from affect_llm.metrics.resamples import grouped
from affect_llm.types import Modality, Sample, Score


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is to be measured.

    Args:
        data: a corpus in its official layout, or a folder of corpora.
        out: answers are kept here; a run that was killed goes on where it was.
        names: of suites and collections, or "composed"; where empty, the composed clips and every
            suite whose data is there.
        split: instead of the suites' own; "all" for all of them.
        limit: at most so many items of each, drawn at random.
        trained_too: also items that a shipped model learned from.
        vocabulary: folder of the official word tables, for open labels.
        banks: folder of the cue banks, for composed clips.
    """

    data: Path
    out: Path
    names: tuple[str, ...] = ()
    split: str | None = None
    limit: int | None = None
    trained_too: bool = False
    vocabulary: Path | None = None
    banks: Path | None = None


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
    suite: Suite, plan: RunPlan, settings: Settings, make: MakeExplainer
) -> tuple[SuiteReport, list[Prediction]]:
    """The report on `suite` and the predictions it rests on.

    Args:
        suite: what is measured.
        plan: where its data is, and how much of it is asked about.
        settings: of the product, without the suite's own.
        make: builds the product.

    Raises:
        AffectError: the data is not there, or the product cannot run.
    """
    part, left_out = plan.split or suite.split, Counter[str]()
    if plan.vocabulary is None and suite.task in ("open-set", "hit-rate"):
        # Without the official tables, only the own vocabulary can score open labels.
        suite = suite.model_copy(update={"metric": "own", "references": ()})
    task = task_of(suite, plan.vocabulary)
    root = corpus_root(suite, plan.data, plan.out)
    samples = measured_part(
        suite, root, part, left_out, limit=plan.limit, trained_too=plan.trained_too
    )
    training, why = training_part(suite, root, part)
    truths = {sample.id: truth_of(suite, task, sample) for sample in samples}
    narrowed = suite_settings(suite, settings)
    head = suite_head(suite, narrowed)
    # Other settings have a file of their own.
    path = plan.out / f"{suite.name}.{head.fingerprint}.predictions.jsonl"
    with sole_run(path, "evaluation of the same suite"):
        predictions = answer(suite, samples, truths, make(narrowed), PredictionLog(path, head))
    taught = learned(suite, task, training, samples)
    report = suite_report(suite, task, predictions, taught)
    about = {"split": part, "left_out": dict(left_out), "without_training": why}
    return report.model_copy(update=about), predictions


def learned(
    suite: Suite, task: AnySuiteTask, training: Sequence[Sample], samples: Sequence[Sample]
) -> Learned:
    """What baselines learn from the training part: its gold, and a classifier of its words."""
    if not training:
        return Learned()
    gold = [task.gold_of(truth_of(suite, task, sample)) for sample in training]
    words, texts = ([sample.text or "" for sample in part] for part in (training, samples))
    answers = {
        name: [
            ClosedAnswer(label)
            for label in tfidf_labels(words, gold, texts, punctuation=name == "tfidf_punctuation")
        ]
        for name in suite.baselines
        if name.startswith("tfidf")
    }
    return Learned(gold, answers)


def suite_report(
    suite: Suite,
    task: AnySuiteTask,
    predictions: Sequence[Prediction],
    taught: Learned | None = None,
) -> SuiteReport:
    """Scores of the predictions beside trivial answers.

    Where no item at all gave evidence, nothing was measured: an extractor that is not installed
    is not one that is always wrong.
    """
    if all(p.state in ("no_evidence", "failed") for p in predictions):
        reason = predictions[0].problem or "no evidence"
        return unmeasured(suite, f"no item gave evidence: {reason}")
    scores = score_pairs(task, pairs_of(suite, task, predictions), taught)
    values, spans = values_of(scores), spans_of(scores.intervals)
    counted = scores.model_dump(include={"n", "skipped"})
    named = {
        name: Score(name=name, value=values.get(path), interval=spans.get(path), **counted)
        for name, path in METRICS[suite.task].items()
    }
    trained = taught is not None and taught.gold is not None
    fields: dict[str, object] = {
        "model": next((p.model for p in predictions if p.model), None),
        "groups": scores.resampling.count,
        "score": named.pop(suite.metric),
        "scores": scores,
        "leaning": _leaning(suite, task, predictions),
        "others": tuple(named.values()),
        "baselines": tuple(_baselines(suite, scores, trained=trained)),
        "calibration": calibration_score(predictions) if suite.task == "closed-set" else None,
        "unfaithful": unfaithful_share(predictions),
    }
    return unmeasured(suite).model_copy(update=fields)


def unmeasured(suite: Suite, reason: str | None = None) -> SuiteReport:
    """What is known of a suite before any item was asked about, and why none was."""
    shared = {"name", "title", "task", "split", "cluster", "target", "held_out", "note"}
    about = suite.model_dump(include=shared)
    return SuiteReport(**about, references=suite.references, not_measured=reason)


def _baselines(suite: Suite, scores: Scores, *, trained: bool) -> Iterator[Score]:
    """The trivial answers that the suite names; those that had nothing to learn from say so."""
    path = METRICS[suite.task][suite.metric]
    for name in suite.baselines:
        numbers = scores.baselines.get(baseline_title(name))
        if numbers is not None:
            untaught = name in LEARNED and not trained
            yield Score(
                name=f"{name}_of_this_part" if untaught else name,
                value=values_of(numbers).get(path),
                n=scores.n,
                interval=spans_of(numbers.intervals).get(path),
            )


def _leaning(suite: Suite, task: AnySuiteTask, predictions: Sequence[Prediction]) -> Score:
    """The suite's metric where the label behind an abstention counts."""
    pairs, path = pairs_of(suite, task, predictions, shown=False), METRICS[suite.task][suite.metric]
    measured = task.measure(pairs.gold, pairs.predicted)
    spans = intervals(
        lambda items: {path: measured.again(items).get(path)},
        grouped(pairs.groups),
        draws_for(len(pairs.ids)),
    )
    return Score(
        name=suite.metric,
        value=measured.values.get(path),
        n=len(pairs.ids),
        interval=spans.get(path),
        skipped={finding.reason: finding.count for finding in pairs.findings},
    )
