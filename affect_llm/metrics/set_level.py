"""Set-level accuracy and recall over groups that a judge made (EMER-V2, MER2024 track 3).

A judge is shown the labels of gold and prediction and puts those of the same meaning into groups.
Every label then stands for the first label of its group.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from affect_llm.labels.official.label_text import label_list
from affect_llm.metrics.label_rows import Missing, refuse_missing
from affect_llm.metrics.set_overlap import mean

_BRACKETS = re.compile(r"[\[\]]")
_QUOTES = re.compile("['\"]")
NO_REPLY = "no grouping reply"
NO_LABELS = "no gold labels"


@dataclass(frozen=True, slots=True)
class SetLevelScore:
    """Means over the n scored clips; None without any.

    Args:
        accuracy: |G∩P| / |P|, the share of predicted groups that are right.
        recall: |G∩P| / |G|.
        score: the mean of the two, as reported.
        skipped: clips not scored, by reason.
    """

    accuracy: float | None
    recall: float | None
    score: float | None
    n: int
    skipped: dict[str, int]


def parse_groups(reply: str) -> list[list[str]]:
    """The groups in a judge's reply, such as "[['happy', 'joyful'], ['sad']]".

    To the letter of the published parser: pieces between brackets are groups, pieces between
    quotes are words, blanks and lone commas are dropped, words are not trimmed, and a group
    without quotes is one word.
    """
    groups = [_QUOTES.split(piece) for piece in _filled(_BRACKETS.split(reply))]
    return [_filled(words) for words in groups]


def set_level_score(
    gold: Mapping[str, object],
    predicted: Mapping[str, object],
    replies: Mapping[str, str],
    missing: Missing = "refuse",
) -> SetLevelScore:
    """Averages accuracy and recall over the clips that have a reply.

    A clip without predicted labels scores 0 and 0. A clip with predicted but without gold labels
    is skipped and counted; the published code divides by zero there.

    Args:
        gold: clip -> labels, a string or a list.
        predicted: clip -> labels.
        replies: clip -> the judge's grouping of both.
        missing: "refuse" a clip without a prediction, or count it as an "empty" one.

    Raises:
        DataError: no gold clip, a clip lacks a prediction, or labels are not words.
    """
    refuse_missing(gold, predicted, missing)
    judged = [name for name in gold if name in replies]
    scores = [_clip(gold[name], predicted.get(name), replies[name]) for name in judged]
    defined = np.array([score for score in scores if score is not None]).reshape(-1, 2)
    accuracy, recall = (mean(np.ascontiguousarray(column)) for column in defined.T)
    skipped = {NO_REPLY: len(gold) - len(judged), NO_LABELS: len(judged) - len(defined)}
    return SetLevelScore(
        accuracy=accuracy,
        recall=recall,
        score=None if accuracy is None or recall is None else (accuracy + recall) / 2,
        n=len(defined),
        skipped={why: count for why, count in skipped.items() if count},
    )


def _clip(gold: object, predicted: object, reply: str) -> tuple[float, float] | None:
    stands_for = {word: group[0] for group in parse_groups(reply) for word in group}
    true, guess = (
        {stands_for.get(label.lower(), label.lower()) for label in label_list(labels)}
        for labels in (gold, predicted)
    )
    if not guess:
        return 0.0, 0.0
    if not true:
        return None
    return len(true & guess) / len(guess), len(true & guess) / len(true)


def _filled(pieces: list[str]) -> list[str]:
    return [piece for piece in pieces if piece.strip() not in {"", ","}]
