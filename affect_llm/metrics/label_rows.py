"""The labels of many clips as numbers, so that every metric counts them at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError
from affect_llm.labels.official.label_text import label_pieces
from affect_llm.metrics.open_set import Rules, parse_labels
from affect_llm.metrics.rows import listed

SHOWN = 10
"""How many clips a sentence names; the others are counted."""


@dataclass(frozen=True, slots=True)
class LabelRows:
    """One side, gold or predicted: the label mentions of n clips.

    Args:
        clips: (m,) the clip of each mention, ascending.
        words: (m,) the word of each mention, an index into `PairedRows.words`.
        mentions: (n,) how many labels each clip has.
    """

    clips: NDArray[np.intp]
    words: NDArray[np.intp]
    mentions: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class PairedRows:
    """Both sides of the same clips.

    Args:
        names: the n clips, in the order of the gold.
        words: every different word, lower case and trimmed.
        gold, predicted: their mentions.
    """

    names: list[str]
    words: list[str]
    gold: LabelRows
    predicted: LabelRows


def pair_labels(
    gold: Mapping[str, object],
    predicted: Mapping[str, object],
    rules: Rules = "official",
) -> PairedRows:
    """Reads the labels of every gold clip and its prediction.

    Args:
        gold: clip -> labels, as `parse_labels` takes them; its names decide which clips count.
        predicted: clip -> labels; clips that the gold lacks are left out. A clip without a
            prediction is refused, as the published code stops on it.
        rules: how label strings are read.

    Raises:
        DataError: no gold clip, a clip lacks a prediction, or labels are not words.
    """
    refuse_missing(gold, predicted)
    index = _WordIndex()
    true = _rows(gold.items(), index, rules, "gold")
    guess = _rows(((name, predicted.get(name)) for name in gold), index, rules, "predicted")
    return PairedRows(list(gold), list(index.numbers), true, guess)


def refuse_missing(gold: Mapping[str, object], predicted: Mapping[str, object]) -> None:
    """Refuses gold clips without a prediction.

    Raises:
        DataError: the gold is empty, or clips lack a prediction.
    """
    if not gold:
        raise DataError("The gold has no clips, so there is nothing to score.")
    absent = [name for name in gold if name not in predicted]
    if absent:
        raise DataError(
            f"{len(absent)} of {len(gold)} clips have no prediction: {listed(absent, SHOWN)}. "
            "Predict them, or count them as empty predictions."
        )


class _WordIndex(dict[str, int]):
    """Label as written -> number of its word (lower case, trimmed); -1 for a blank one."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: dict[str, int] = {}

    def __missing__(self, label: str) -> int:
        word = label.lower().strip()
        self[label] = number = self.numbers.setdefault(word, len(self.numbers)) if word else -1
        return number


def _rows(
    labelled: Iterable[tuple[str, object]], index: _WordIndex, rules: Rules, what: str
) -> LabelRows:
    numbers: list[int] = []
    pieces: list[int] = []
    for name, value in labelled:
        try:
            official = rules == "official" and isinstance(value, str)
            labels = label_pieces(str(value)) if official else parse_labels(value, rules)
            numbers.extend([index[label] for label in labels])
        except (DataError, AttributeError, TypeError) as error:
            reason = error if isinstance(error, DataError) else f"{value!r} holds a non-word."
            raise DataError(f"The {what} labels of {name} cannot be read. {reason}") from None
        pieces.append(len(labels))
    clips, words = np.repeat(np.arange(len(pieces)), pieces), np.array(numbers, dtype=np.intp)
    clips, words = clips[words >= 0], words[words >= 0]
    return LabelRows(clips, words, np.bincount(clips, minlength=len(pieces)))
