"""Measures on composed clips: support of sentences, wrong pairing, deletion of cited cues."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from affect_llm.config import Settings
from affect_llm.evaluation.composed.banks import read_banks
from affect_llm.evaluation.composed.clips import ComposedClip, compose
from affect_llm.evaluation.composed.controls import (
    Deletion,
    chance_agreement,
    deletion_share,
    deletions,
    wrong_pairs,
)
from affect_llm.evaluation.composed.sheets import SheetQuestion, answer_sheets
from affect_llm.evaluation.explainer import MakeExplainer
from affect_llm.evaluation.intervals import SEED, score_of
from affect_llm.evaluation.log import PredictionLog, head_of
from affect_llm.evaluation.prediction import Prediction
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
    count = min(CLIPS, limit or CLIPS)
    labels = label_set(LABELS)
    rng = np.random.default_rng(SEED)
    clips = compose(read_banks(banks, meld), labels, count, rng)
    narrowed = settings.model_copy(update={"labels": LABELS})
    log = PredictionLog(
        out / f"{COMPOSED}.predictions.jsonl", head_of(COMPOSED, _description(clips), narrowed)
    )
    explainer = make(narrowed)

    def ask(part: str, questions: Sequence[SheetQuestion]) -> list[Prediction]:
        return answer_sheets(part, questions, explainer, log, settings.batch_size)

    answers = ask(COMPOSED, [_question(clip) for clip in clips])
    agreeing = [clip for clip in clips if clip.gold is not None][:WRONG_PAIRS]
    wrong = ask(f"{COMPOSED}, wrong pairs", _wrong_pairs(agreeing, rng))
    made = deletions(clips, answers, DELETIONS)
    after = ask(f"{COMPOSED}, deletions", [_without(deletion) for deletion in made])
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


def _question(clip: ComposedClip) -> SheetQuestion:
    return SheetQuestion(clip.id, clip.id, clip.gold or "", clip.sheet)


def _wrong_pairs(clips: list[ComposedClip], rng: np.random.Generator) -> list[SheetQuestion]:
    """A wrong pair is asked under the name of the clip that its cues are not from."""
    return [
        SheetQuestion(pair.id, clip.id, pair.gold or "", pair.sheet)
        for clip, pair in zip(clips, wrong_pairs(clips, rng), strict=True)
    ]


def _without(deletion: Deletion) -> SheetQuestion:
    clip = deletion.clip
    return SheetQuestion(deletion.id, clip.id, clip.gold or "", deletion.sheet)


def _description(clips: list[ComposedClip]) -> str:
    """What the clips are, so that a log is not continued with others."""
    return "\n".join(f"{clip.id} {clip.gold} {clip.sheet.model_dump_json()}" for clip in clips)
