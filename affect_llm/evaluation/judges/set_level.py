"""Set-level accuracy and recall with a judge that groups synonyms (EMER-V2, MER2024-OV).

The scores are those of `metrics.set_level`; here the groups are made, by any reasoner. With the
organisers' own saved replies call `set_level_score(gold, predicted, read_saved_replies(path))`.
"""

from collections.abc import Mapping

import numpy as np

from affect_llm.errors import DataError
from affect_llm.evaluation.judges.agreement import mean_score
from affect_llm.evaluation.judges.judgement import JudgeCard
from affect_llm.evaluation.judges.replies import Asker
from affect_llm.evaluation.judges.synonyms import PROMPT, Groups, ask_groupings, union
from affect_llm.labels.official.label_text import label_list
from affect_llm.metrics.set_level import set_level_score
from affect_llm.prompting.files import prompt_file
from affect_llm.types import Model, Score

VERSION = 1
UNREAD = "the grouping could not be read"
NO_PREDICTION = "no prediction"
NO_GOLD = "no gold labels"


class SetLevelReport(Model):
    """Accuracy, recall and their mean over clips, 0 to 1, each with its interval by clip.

    Args:
        judge: who grouped; scores compare only where its key is the same.
        unknown: words in replies that no list has, which count nowhere.
        replies: clip → the judge's raw reply; empty where there was nothing to group.
    """

    judge: JudgeCard
    accuracy: Score
    recall: Score
    score: Score
    unknown: int
    replies: dict[str, str]


def judge_set_level(
    gold: Mapping[str, object], predicted: Mapping[str, object], asker: Asker
) -> SetLevelReport:
    """Group the labels of each clip by meaning, then score the groups.

    Args:
        gold: clip → labels, a list or a printed one.
        predicted: clip → labels; a clip that is missing is counted, not scored.
        asker: of any reasoner.

    Raises:
        DataError: there is no gold, or no clip has both; labels are not words.
        AffectError: the reasoner cannot answer.
    """
    common = [clip for clip in gold if clip in predicted]
    if not common:
        raise DataError("Gold and predicted label lists have no clip in common.")
    words = {clip: union(_labels(gold[clip]), _labels(predicted[clip])) for clip in common}
    groupings = ask_groupings(asker, words)
    read = {clip: g.groups for clip, g in groupings.items() if g.groups is not None}
    scored = _scored(gold, predicted, read)
    skipped = {
        NO_PREDICTION: len(gold) - len(common),
        UNREAD: len(common) - len(read),
        NO_GOLD: len(read) - len(scored),
    }
    told = {reason: count for reason, count in skipped.items() if count}
    columns = np.array(list(scored.values()), dtype=np.float64).reshape(-1, 3).T
    accuracy, recall, score = (
        mean_score(name, column, list(scored), told)
        for name, column in zip(("accuracy", "recall", "score"), columns, strict=True)
    )
    return SetLevelReport(
        judge=_card(asker),
        accuracy=accuracy,
        recall=recall,
        score=score,
        unknown=sum(len(grouping.unknown) for grouping in groupings.values()),
        replies={clip: grouping.raw for clip, grouping in groupings.items()},
    )


def _scored(
    gold: Mapping[str, object], predicted: Mapping[str, object], read: Mapping[str, Groups]
) -> dict[str, tuple[float | None, float | None, float | None]]:
    """Clip → accuracy, recall and their mean, where they are defined."""
    singles = {
        clip: set_level_score({clip: gold[clip]}, {clip: predicted[clip]}, {clip: printed(groups)})
        for clip, groups in read.items()
    }
    return {c: (s.accuracy, s.recall, s.score) for c, s in singles.items() if s.score is not None}


def printed(groups: Groups) -> str:
    """Groups as the organisers' saved replies have them: "[['happy', 'joyful'], ['sad']]"."""
    return str([list(group) for group in groups])


def _labels(labels: object) -> list[str]:
    return [str(label).lower() for label in label_list(labels)]


def _card(asker: Asker) -> JudgeCard:
    decoding = "constrained" if asker.constrained else "free"
    return JudgeCard(
        name="synonyms",
        version=VERSION,
        model=asker.model,
        prompts=(prompt_file(PROMPT).passport,),
        parser=f"robust, {decoding}",
        orders=1,
    )
