"""Descriptions scored against reference descriptions: clue overlap and label overlap, 0 to 10.

    report = judge_descriptions(gold, predicted, open_judge("rules", settings))

The task of EMER (Lian et al. 2023) and of the descriptions in AffectGPT and Emotion-LLaMA; their
own judge is retired, and no score here compares with theirs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from affect_llm.errors import DataError
from affect_llm.evaluation.judges.agreement import Agreement, mean_overlap, pass_agreement
from affect_llm.evaluation.judges.anchors import Anchors, anchors, blindness
from affect_llm.evaluation.judges.judge import Judge, OverlapQuestion
from affect_llm.evaluation.judges.judgement import ASPECTS, Aspect, JudgeCard, Judgement
from affect_llm.types import Model, Score

REPORT_SCHEMA: Literal["affect-llm/description-report@1"] = "affect-llm/description-report@1"
NAMES: dict[Aspect, str] = {"clues": "clue_overlap", "labels": "label_overlap"}


class DescriptionReport(Model):
    """`affect-llm/description-report@1`: what one judge says of one system's descriptions.

    Args:
        judge: who judged; `comparable` is its key: compare reports only where it is the same.
        scores: "clue_overlap" and "label_overlap": means over clips, 0 to 10, with intervals by
            clip; `skipped` counts clips without a score, by reason.
        noted: per score, how many clips were scored without looking further, by reason.
        anchors: per score, what the judge gives a reference against itself and against another
            one: the scale to read the scores by.
        passes: per score, how far the two orders of the texts agree; empty for rules.
        warnings: what is wrong with the judge itself, such as telling nothing apart.
        judgements: one per clip and score.
    """

    schema_version: Literal["affect-llm/description-report@1"] = REPORT_SCHEMA
    judge: JudgeCard
    comparable: str
    scores: dict[str, Score]
    noted: dict[str, dict[str, int]] = Field(default_factory=dict)
    anchors: dict[str, Anchors] = Field(default_factory=dict)
    passes: dict[str, Agreement] = Field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    judgements: tuple[Judgement, ...]


def judge_descriptions(
    gold: Mapping[str, str], predicted: Mapping[str, str], judge: Judge
) -> DescriptionReport:
    """Score every predicted description against the gold one of the same clip.

    Args:
        gold: clip → reference description.
        predicted: clip → description to score; a clip that is missing is counted, not scored,
            and so is one that has no reference.
        judge: as `registry.open_judge` opens it.

    Raises:
        DataError: there is no gold, or no clip has both.
        AffectError: the judge's model cannot answer.
    """
    common = [id_ for id_ in gold if id_ in predicted]
    if not common:
        raise DataError(
            f"There is nothing to judge: {len(gold)} gold and {len(predicted)} predicted "
            "descriptions have no clip in common. Name clips alike in both files."
        )
    judgements = judge.judge(
        [OverlapQuestion(i, a, gold[i], predicted[i]) for a in ASPECTS for i in common]
    )
    unpaired = {
        "no prediction": len(gold) - len(common),
        "no reference": len(predicted) - len(common),
    }
    by_name = {NAMES[a]: [j for j in judgements if j.aspect == a] for a in ASPECTS}
    scale = {NAMES[aspect]: both for aspect, both in anchors(gold, judge).items()}
    both_orders = judge.card.orders > 1
    return DescriptionReport(
        judge=judge.card,
        comparable=judge.card.key,
        scores={
            name: mean_overlap(name, of_name, {**_counted(j.problem for j in of_name), **unpaired})
            for name, of_name in by_name.items()
        },
        noted={name: _counted(j.note for j in of_name) for name, of_name in by_name.items()},
        anchors=scale,
        passes={name: pass_agreement(of_name) for name, of_name in by_name.items() if both_orders},
        warnings=tuple(w for name, both in scale.items() if (w := blindness(name, both))),
        judgements=tuple(judgements),
    )


def _counted(reasons: Iterable[str | None]) -> dict[str, int]:
    return dict(Counter(reason for reason in reasons if reason is not None))
