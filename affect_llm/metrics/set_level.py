"""Set-level accuracy and recall over groups that a judge made (EMER-V2, MER2024 track 3).

A judge is shown the labels of gold and prediction and puts those of the same meaning into groups.
Every label then stands for the first label of its group.
"""

import re

from affect_llm.labels.official.label_text import label_list

_BRACKETS = re.compile(r"[\[\]]")
_QUOTES = re.compile("['\"]")


def parse_groups(reply: str) -> list[list[str]]:
    """The groups in a judge's reply, such as "[['happy', 'joyful'], ['sad']]".

    To the letter of the published parser: pieces between brackets are groups, pieces between
    quotes are words, blanks and lone commas are dropped, words are not trimmed, and a group
    without quotes is one word.
    """
    groups = [_QUOTES.split(piece) for piece in _filled(_BRACKETS.split(reply))]
    return [_filled(words) for words in groups]


def set_level_scores(gold: object, predicted: object, reply: str) -> tuple[float, float] | None:
    """Accuracy |G∩P| / |P| and recall |G∩P| / |G| of one clip, each 0 to 1.

    Without predicted labels both are 0; with predicted but without gold labels they are None,
    where the published code divides by zero.

    Args:
        gold: labels, a string or a list.
        predicted: labels, a string or a list.
        reply: the judge's grouping of both.

    Raises:
        DataError: labels are not words.
    """
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
