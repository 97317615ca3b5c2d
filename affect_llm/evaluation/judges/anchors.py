"""What a judge gives where the answer is known: a scale to read its other scores by.

A reference against itself is the ceiling, against the reference of another clip the floor. A judge
whose floor is near its ceiling tells nothing apart, and no score of it means anything.
"""

from collections.abc import Mapping, Sequence

from affect_llm.evaluation.judges.agreement import mean_overlap
from affect_llm.evaluation.judges.judge import Judge, OverlapQuestion
from affect_llm.evaluation.judges.judgement import ASPECTS, Aspect
from affect_llm.types import Model, Score

MOST = 50
"""The most clips that are asked about: enough to see both ends, and bearable for a large model."""
APART = 2.0
"""A ceiling less than this above the floor leaves no room for a score to mean anything."""


class Anchors(Model):
    """Mean scores of references, 0 to 10, each with its interval by clip.

    Args:
        ceiling: against themselves.
        floor: against the reference of another clip.
    """

    ceiling: Score
    floor: Score


def anchors(gold: Mapping[str, str], judge: Judge) -> dict[Aspect, Anchors]:
    """Ceiling and floor on the first `MOST` clips that have words; needs two of them.

    The same for every system that is scored against `gold`, so a log of replies asks once.
    """
    clips = [clip for clip in gold if gold[clip].strip()][:MOST]

    def mean(name: str, aspect: Aspect, others: Sequence[str]) -> Score:
        pairs = zip(clips, others, strict=True)
        judgements = judge.judge([OverlapQuestion(c, aspect, gold[c], gold[o]) for c, o in pairs])
        unscored = sum(judgement.score is None for judgement in judgements)
        return mean_overlap(name, judgements, {"no score": unscored})

    return {
        aspect: Anchors(
            ceiling=mean("ceiling", aspect, clips),
            floor=mean("floor", aspect, [*clips[1:], *clips[:1]]),
        )
        for aspect in ASPECTS
        if len(clips) > 1
    }


def blindness(name: str, scale: Anchors) -> str | None:
    """The sentence for a judge whose floor is near its ceiling; None for one that sees."""
    ceiling, floor = scale.ceiling.value, scale.floor.value
    if ceiling is None or floor is None or ceiling - floor >= APART:
        return None
    return (
        f"{name} means nothing here: this judge gives {ceiling:.1f} to a text against itself and "
        f"{floor:.1f} to one of another clip. Choose a larger model, or the judge 'rules'."
    )
