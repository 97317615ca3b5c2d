"""Do the rules' scores mean anything? Measured on explanations that are true by construction.

    python -m workshop.rule_validation --kit DIR --banks DIR

prints one `RuleValidation` per score, as JSON, on clips composed of held-out cues.

The phrase grammar writes several true explanations of one clip, which tell different cues in
different words. A score of overlap must put them above explanations of other clips, and must
fall as sentences are dropped or made false. Pairs of unrelated explanations are the control.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from affect_llm.cli.exits import user_errors
from affect_llm.errors import DataError
from affect_llm.evaluation.composed.banks import read_banks
from affect_llm.evaluation.composed.clips import ComposedClip, compose
from affect_llm.evaluation.intervals import SEED, mean_score
from affect_llm.evaluation.judges.judge import Judge, OverlapQuestion
from affect_llm.evaluation.judges.judgement import ASPECTS, Aspect
from affect_llm.evaluation.judges.rules import RuleJudge
from affect_llm.labels.sets import label_set
from affect_llm.prompting.explain.assemble import Draft
from affect_llm.prompting.explain.write import explain
from affect_llm.types import Model, Score
from workshop.falsification import falsify

STEPS = 3
"""How many sentences are taken away, or made false, one after the other."""
Numbers = NDArray[np.float64]


class RuleValidation(Model):
    """How well a judge tells explanations of one clip from those of others.

    Args:
        auc: probability that a second explanation of the same clip scores above one of another
            clip, ties counting half, with its interval by clip; `n` clips.
        auc_same_emotion: the same, against clips that were composed to show the same emotion.
        control: the same for two explanations of other clips; .5 if nothing leaks.
        same, other: mean scores of both kinds, 0 to 10.
        dropped: mean score of an explanation against itself with 0, 1, 2, 3 sentences less.
        falsified: the same with 0, 1, 2, 3 sentences made false.
    """

    aspect: Aspect
    auc: Score
    auc_same_emotion: Score
    control: Score
    same: float
    other: float
    dropped: tuple[float, ...]
    falsified: tuple[float, ...]


def validate_judge(clips: Sequence[ComposedClip], judge: Judge, aspect: Aspect) -> RuleValidation:
    """Measure a judge on composed clips; those without a gold label are left out.

    Raises:
        DataError: fewer than four clips can be scored.
    """
    agreeing = [clip for clip in clips if clip.gold is not None]
    first, second = ([_text(_drafts(clip, seed)) for clip in agreeing] for seed in (0, 1))
    table = _scores(judge, aspect, first, second)
    kept = [n for n in range(len(agreeing)) if np.isfinite(table[n, n])]
    if len(kept) < 4:
        raise DataError(f"Only {len(kept)} clips have explanations that the judge can score.")
    table = table[np.ix_(kept, kept)]
    labels = np.array([agreeing[n].gold for n in kept])
    others = ~np.eye(len(kept), dtype=np.bool_)
    alike = others & (labels[:, None] == labels[None, :])
    moved = np.roll(table, 1, axis=0)
    long = [clip for clip in agreeing if len(_drafts(clip, 0)) >= STEPS]
    return RuleValidation(
        aspect=aspect,
        auc=_auc("auc", table, others),
        auc_same_emotion=_auc("auc_same_emotion", table, alike),
        control=_auc("control", moved, others),
        same=float(np.diagonal(table).mean()),
        other=float(table[others].mean()),
        dropped=_falling(judge, aspect, [_dropped(_drafts(clip, 0)) for clip in long]),
        falsified=_falling(judge, aspect, [_falsified(clip) for clip in long]),
    )


def _drafts(clip: ComposedClip, seed: int) -> tuple[Draft, ...]:
    return explain(clip.sheet, clip.gold or "", {}, random.Random(f"{clip.id} {seed}"))


def _text(drafts: Sequence[Draft]) -> str:
    return " ".join(draft.text for draft in drafts)


def _scores(judge: Judge, aspect: Aspect, first: Sequence[str], second: Sequence[str]) -> Numbers:
    """Row: reference, column: candidate; NaN where there is no score."""
    questions = [
        OverlapQuestion(str(n), aspect, one, two) for n, one in enumerate(first) for two in second
    ]
    scores = [np.nan if j.score is None else j.score for j in judge.judge(questions)]
    return np.array(scores, dtype=np.float64).reshape(len(first), len(second))


def _auc(name: str, table: Numbers, rivals: NDArray[np.bool_]) -> Score:
    """Each clip's own score against those of its rivals in the same row, averaged over clips."""
    own = np.diagonal(table)[:, None]
    wins = (own > table) + 0.5 * (own == table)
    counted = rivals & np.isfinite(table)
    rows = np.flatnonzero(counted.any(axis=1))
    shares = np.array([wins[row][counted[row]].mean() for row in rows])
    return mean_score(name, shares, [str(row) for row in rows])


def _falling(judge: Judge, aspect: Aspect, series: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Mean score per step of texts against the first of their series."""
    questions = [
        OverlapQuestion(str(n), aspect, texts[0], text)
        for n, texts in enumerate(series)
        for text in texts
    ]
    scores = [np.nan if j.score is None else j.score for j in judge.judge(questions)]
    table = np.array(scores, dtype=np.float64).reshape(len(series), STEPS + 1)
    return tuple(float(mean) for mean in np.nanmean(table, axis=0))


def _dropped(drafts: Sequence[Draft]) -> list[str]:
    """The text, then the text without its first sentence, without two, without three."""
    return [_text(drafts[step:]) for step in range(STEPS + 1)]


def _falsified(clip: ComposedClip) -> list[str]:
    """The text, then the text with one sentence made false, two, three."""
    rng = random.Random(f"{clip.id} false")
    drafts = list(_drafts(clip, 0))
    texts = [_text(drafts)]
    for place in range(STEPS):
        drafts[place] = falsify(drafts[place], clip.sheet, rng) or drafts[place]
        texts.append(_text(drafts))
    return texts


@user_errors
def main(
    kit: Annotated[Path, typer.Option("--kit", help="Folder of the corpora.")],
    banks: Annotated[Path, typer.Option("--banks", help="Folder of the cue banks.")],
    clips: Annotated[int, typer.Option("--clips", help="How many are composed.")] = 250,
) -> None:
    """Measure how far the rules tell explanations of one clip from those of others."""
    held_out = read_banks(banks, kit / "text" / "meld")
    composed = compose(held_out, label_set("ekman7"), clips, np.random.default_rng(SEED))
    for aspect in ASPECTS:
        print(validate_judge(composed, RuleJudge(), aspect).model_dump_json(indent=1), flush=True)


if __name__ == "__main__":
    typer.run(main)
