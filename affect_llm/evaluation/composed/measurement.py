"""Measures on composed clips: support of sentences, wrong pairing, deletion of cited cues."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from affect_llm.config import Settings
from affect_llm.evaluation.composed.banks import read_banks
from affect_llm.evaluation.composed.clips import ComposedClip, compose
from affect_llm.evaluation.composed.controls import (
    chance_agreement,
    deletion_share,
    deletions,
    wrong_pairs,
)
from affect_llm.evaluation.intervals import SEED, score_of
from affect_llm.evaluation.log import PredictionLog, head_of, progress
from affect_llm.evaluation.prediction import Explainer, MakeExplainer, Prediction, prediction_of
from affect_llm.evaluation.prediction_scores import unfaithful_share
from affect_llm.evaluation.report import ControlsReport
from affect_llm.labels.sets import label_set
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.types import Score

COMPOSED = "composed"
LABELS = "ekman7"
# An interval around a share of 0.9 is then about ±0.03 for clips, ±0.04 and ±0.03 for the controls.
CLIPS = 500
WRONG_PAIRS = 200
DELETIONS = 300


def measure_composed(
    banks: Path,
    meld: Path,
    out: Path,
    settings: Settings,
    *,
    make: MakeExplainer,
    limit: int | None = None,
) -> ControlsReport:
    """Explain composed clips, then their counterfactuals.

    Args:
        banks: the folder with voice/bank.jsonl and face/bank.jsonl.
        meld: MELD's folder; its dev texts are used.
        out: predictions are kept here.
        settings: of the product; the labels are `LABELS`.
        make: builds the product.
        limit: at most so many clips.

    Raises:
        AffectError: the data is not there, or the product cannot run.
    """
    rng = np.random.default_rng(SEED)
    clips = compose(read_banks(banks, meld), label_set(LABELS), min(CLIPS, limit or CLIPS), rng)
    narrowed = settings.model_copy(update={"labels": LABELS})
    # What the clips are, so that a log is not continued with others.
    about = "\n".join(f"{clip.id} {clip.gold} {clip.sheet.model_dump_json()}" for clip in clips)
    head = head_of(COMPOSED, about, narrowed)
    log = PredictionLog(out / f"{COMPOSED}.predictions.jsonl", head)
    ask = partial(_answers, explainer=make(narrowed), log=log, batch_size=settings.batch_size)
    answers = ask(COMPOSED, [(clip.id, clip) for clip in clips])
    agreeing = [clip for clip in clips if clip.gold is not None][:WRONG_PAIRS]
    # A wrong pair is asked under the name of the clip that its cues are not from.
    pairs = zip(agreeing, wrong_pairs(agreeing, rng), strict=True)
    wrong = ask(f"{COMPOSED}, wrong pairs", [(clip.id, pair) for clip, pair in pairs])
    made = deletions(clips, answers, DELETIONS)
    after = ask(f"{COMPOSED}, deletions", [(d.clip.id, d.changed_clip) for d in made])
    return ControlsReport(
        accuracy=_accuracy([p for p in answers if p.gold]),
        wrong_pairing=_accuracy(wrong),
        chance=chance_agreement(wrong),
        unfaithful=unfaithful_share(answers),
        deletion=deletion_share(made, after),
        model=next((p.model for p in answers if p.model), None),
    )


def _accuracy(predictions: list[Prediction]) -> Score:
    labels = label_set(LABELS)
    codes = answer_codes([p.gold for p in predictions], [p.shown for p in predictions], labels)
    return score_of(
        "accuracy",
        lambda items: accuracy(counted(codes[items], len(labels))),
        [p.group for p in predictions],
        Counter(p.state for p in predictions if p.state != "answered"),
    )


def _answers(
    part: str,
    questions: Sequence[tuple[str, ComposedClip]],
    *,
    explainer: Explainer,
    log: PredictionLog,
    batch_size: int,
) -> list[Prediction]:
    """Predictions in order, asked in batches; those in `log` are not asked again."""

    def fresh(left: Sequence[tuple[str, ComposedClip]]) -> Iterator[Prediction]:
        for start in range(0, len(left), batch_size):
            batch = left[start : start + batch_size]
            results = explainer.explain_sheets([(name, clip.sheet) for name, clip in batch])
            for (name, clip), result in zip(batch, results, strict=True):
                yield prediction_of(result, id=clip.id, group=name, gold=clip.gold or "")

    left = [(name, clip) for name, clip in questions if clip.id not in log.answered]
    if left:
        log.append(progress(fresh(left), part, len(left)))
    return [log.answered[clip.id] for _, clip in questions]
